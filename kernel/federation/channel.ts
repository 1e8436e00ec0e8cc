import { registerEnumType } from "type-graphql";

/** A way to reach someone; the same in every subgraph. */
export const channels = ["EMAIL", "SMS", "PUSH", "PHONE", "POST", "WEB", "ADS", "WEBHOOK"] as const;
export type ChannelName = (typeof channels)[number];

export enum Channel {
  EMAIL = "EMAIL",
  SMS = "SMS",
  PUSH = "PUSH",
  PHONE = "PHONE",
  POST = "POST",
  WEB = "WEB",
  ADS = "ADS",
  WEBHOOK = "WEBHOOK",
}

registerEnumType(Channel, {
  name: "Channel",
  description: "A way to reach someone.",
  valuesConfig: {
    EMAIL: { description: "E-mail" },
    SMS: { description: "Text message" },
    PUSH: { description: "Push message to an app" },
    PHONE: { description: "Telephone call" },
    POST: { description: "Letter" },
    WEB: { description: "Web site or app content" },
    ADS: { description: "Advertising platforms" },
    WEBHOOK: { description: "Another system, by webhook" },
  },
});
