import { registerEnumType } from "type-graphql";

export enum EventType {
  IDENTIFY = "IDENTIFY",
  TRACK = "TRACK",
  PAGE = "PAGE",
  SCREEN = "SCREEN",
  GROUP = "GROUP",
  ALIAS = "ALIAS",
}

registerEnumType(EventType, {
  name: "EventType",
  description: "What an event says, in Segment's six calls.",
  valuesConfig: {
    IDENTIFY: { description: "Who somebody is, with traits" },
    TRACK: { description: "Something that somebody did, by its name" },
    PAGE: { description: "A page of a web site was seen" },
    SCREEN: { description: "A screen of an app was seen" },
    GROUP: { description: "Somebody belongs to an account" },
    ALIAS: { description: "Somebody was called differently before" },
  },
});

export enum SourceKind {
  WEBSITE = "WEBSITE",
  MOBILE_APP = "MOBILE_APP",
  COMMERCE = "COMMERCE",
  CRM = "CRM",
  LMS = "LMS",
  CLUB = "CLUB",
  EMAIL = "EMAIL",
  BILLING = "BILLING",
  SUPPORT = "SUPPORT",
  SERVER = "SERVER",
  DATA_LAKE = "DATA_LAKE",
  OTHER = "OTHER",
}

registerEnumType(SourceKind, {
  name: "SourceKind",
  description: "What kind of system a source is. It changes no behaviour.",
  valuesConfig: {
    WEBSITE: { description: "Web site or its content management" },
    MOBILE_APP: { description: "App on a phone or tablet" },
    COMMERCE: { description: "Shop or order system" },
    CRM: { description: "Customer relationship management" },
    LMS: { description: "Learning management" },
    CLUB: { description: "Club or loyalty programme" },
    EMAIL: { description: "E-mail system" },
    BILLING: { description: "Billing, subscriptions or payments" },
    SUPPORT: { description: "Help desk or call centre" },
    SERVER: { description: "A server of our user's own" },
    DATA_LAKE: { description: "Data lake or warehouse" },
    OTHER: { description: "Anything else" },
  },
});

export enum ContractFamily {
  BEHAVIOURAL = "BEHAVIOURAL",
  BUSINESS = "BUSINESS",
}

registerEnumType(ContractFamily, {
  name: "ContractFamily",
  description: "What an event tells about.",
  valuesConfig: {
    BEHAVIOURAL: { description: "What somebody did" },
    BUSINESS: { description: "A fact of the business: an order, a subscription, a certificate" },
  },
});

export enum ContractDrives {
  ACTIVATION = "ACTIVATION",
  PERSONALISATION = "PERSONALISATION",
  EXPERIMENTATION = "EXPERIMENTATION",
  ANALYTICS = "ANALYTICS",
  IDENTITY = "IDENTITY",
  OPERATIONS = "OPERATIONS",
}

registerEnumType(ContractDrives, {
  name: "ContractDrives",
  description: "What an event is collected for.",
  valuesConfig: {
    ACTIVATION: { description: "Messages and other channels" },
    PERSONALISATION: { description: "What somebody is shown" },
    EXPERIMENTATION: { description: "Exposures and goals of experiments" },
    ANALYTICS: { description: "Reports" },
    IDENTITY: { description: "Who somebody is" },
    OPERATIONS: { description: "Running the business" },
  },
});

export enum ContractState {
  ACTIVE = "ACTIVE",
  DEPRECATED = "DEPRECATED",
}

registerEnumType(ContractState, {
  name: "ContractState",
  description: "Whether new senders should use a contract version.",
  valuesConfig: {
    ACTIVE: { description: "In use; the newest is what events without a pinned version must meet" },
    DEPRECATED: { description: "Only for events that pin it, or while there is no active version" },
  },
});

export enum QuarantineState {
  WAITING = "WAITING",
  REPLAYED = "REPLAYED",
  MENDED = "MENDED",
  DISCARDED = "DISCARDED",
}

registerEnumType(QuarantineState, {
  name: "QuarantineState",
  description: "What became of a quarantined event.",
  valuesConfig: {
    WAITING: { description: "Waits to be mended" },
    REPLAYED: { description: "Was read again later, and accepted" },
    MENDED: { description: "Was sent again, mended, under its message id, and accepted" },
    DISCARDED: { description: "Was let go, with a reason" },
  },
});
