import type { ConsentChange } from "../../../kernel/announcements/consent-change.ts";
import type { IdentifierRef } from "../../../kernel/announcements/identity-announcements.ts";
import type { Channel } from "../../../kernel/federation/channel.ts";
import { badCursor, decodeCursor, encodeCursor } from "../../../kernel/federation/connection.ts";
import { maskFreeText, maskText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { cursorOf } from "../../../kernel/streams/cursor.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { isStorable } from "../domain/preference.ts";
import type { Purpose } from "../domain/purpose.ts";
import { identifierOfKey } from "../service/announce-consent.ts";
import type { PageBounds, Statement, Suppression } from "../store/consent-store.ts";
import type { LawfulBasisEnum, StatementKindEnum, SuppressionReasonEnum } from "./consent-enums.ts";
import type {
  ConsentChangeType,
  PurposeType,
  StatementType,
  SuppressionType,
} from "./consent-types.ts";

export function toPurpose(purpose: Purpose): PurposeType {
  const { basis, channels, ...rest } = purpose;
  return { ...rest, basis: basis as LawfulBasisEnum, channels: channels as Channel[] };
}

export function toStatement(context: RequestContext, statement: Statement): StatementType {
  return {
    id: statement.id,
    kind: statement.kind as StatementKindEnum,
    purpose: statement.purpose,
    channel: statement.channel as Channel | null,
    identifier: masked(context, identifierOfKey(statement.subjectKey)),
    statedAt: new Date(statement.statedAt),
    recordedAt: new Date(statement.recordedAt),
    expiresAt: statement.expiresAt === null ? null : new Date(statement.expiresAt),
    method: maskFreeText(context, statement.method),
    source: statement.source === null ? null : { name: statement.source },
    messageId: statement.messageId,
  };
}

export function toSuppression(context: RequestContext, one: Suppression): SuppressionType {
  const { id, addressKey, channel, reason, note } = one;
  return {
    id,
    identifier: addressKey === null ? null : masked(context, identifierOfKey(addressKey)),
    channel: channel as Channel | null,
    reason: reason as SuppressionReasonEnum,
    note: note === null ? null : maskText(context, note),
    createdAt: new Date(one.createdAt),
    liftedAt: one.liftedAt === null ? null : new Date(one.liftedAt),
  };
}

export function toConsentChange(context: RequestContext, entry: StreamEntry): ConsentChangeType {
  const change = entry.payload as ConsentChange;
  return {
    cursor: cursorOf("consent", entry.position),
    occurredAt: new Date(change.occurredAt),
    purpose: change.purpose,
    channel: change.channel as Channel | null,
    identifier: change.identifier && masked(context, change.identifier),
    person: change.personId === null ? null : { id: change.personId },
  };
}

/** Keyset cursors of lists ordered by instant and id. */
export function pageCursor(list: string, at: number, id: string): string {
  return encodeCursor(list, [at, id]);
}

export function pageBounds(
  list: string,
  first: number,
  cursor: string | null | undefined,
): PageBounds {
  const key = decodeCursor(list, cursor);
  if (key === null) return { first, after: null };
  const [at, id] = key;
  if (
    typeof at === "number" &&
    Math.abs(at) <= 8.64e15 &&
    typeof id === "string" &&
    isStorable(id)
  ) {
    return { first, after: { at, id } };
  }
  throw badCursor();
}

function masked(context: RequestContext, { namespace, value }: IdentifierRef): IdentifierRef {
  return { namespace, value: maskText(context, value) };
}
