import { DomainError } from "../errors/domain-error.ts";
import type { StreamEntry } from "./stream.ts";

/** The cursor after an entry; opaque to clients. */
export function cursorOf(entry: Pick<StreamEntry, "position">): string {
  return String(entry.position);
}

/** The position of a cursor that a client sent; throws BAD_CURSOR when it is none of ours. */
export function positionOf(cursor: string): number {
  const position = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (Number.isNaN(position)) {
    throw new DomainError("BAD_CURSOR", "This is not a cursor of a change stream.");
  }
  return position;
}
