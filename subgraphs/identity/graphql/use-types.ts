import { Directive, Field, Float, ID, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { maskText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { DeviceUse } from "../store/identity-reader.ts";

@ObjectType("Device", { description: "A device or browser, as its identifier tells it apart." })
@Directive('@key(fields: "id")')
export class DeviceType {
  @Field(() => ID, { description: "Id of the device." })
  id: string;

  @Field(() => String, { description: "Namespace of its identifier." })
  namespace: string;

  @Field(() => String, { description: "Value of its identifier; masked without `pii:read`." })
  value: string;
}

@ObjectType("DeviceUse", { description: "A person used a device, for some time." })
export class DeviceUseType {
  @Field(() => DeviceType, { description: "The device." })
  device: DeviceType;

  @Field(() => DateTime, { description: "Event time of the first use." })
  from: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: "When another person took the device over; null when nobody has.",
  })
  until: Date | null;

  @Field(() => Float, { description: "How sure it is that the person used it, 0 to 1." })
  confidence: number;
}

@ObjectType("DeviceUseConnection", { description: "Devices of a person, latest use first." })
export class DeviceUseConnection extends connectionOf("DeviceUse", () => DeviceUseType) {}

/** A device is addressed by its identifier's key, hidden from who may not see it. */
const devicePrefix = "device_";

export function deviceIdOf(key: string): string {
  return `${devicePrefix}${Buffer.from(key).toString("base64url")}`;
}

/** The identifier key of a device id; null when it is none. */
export function deviceKeyOf(id: string): string | null {
  if (!id.startsWith(devicePrefix)) return null;
  return Buffer.from(id.slice(devicePrefix.length), "base64url").toString();
}

export function toDeviceType(device: KnownIdentifier, context: RequestContext): DeviceType {
  const { key, namespace, value } = device;
  return { id: deviceIdOf(key), namespace, value: maskText(context, value) };
}

export function toDeviceUse(use: DeviceUse, context: RequestContext): DeviceUseType {
  return {
    device: toDeviceType(use.device, context),
    from: new Date(use.firstSeenAt),
    until: use.takenOverAt === null ? null : new Date(use.takenOverAt),
    confidence: use.confidence,
  };
}
