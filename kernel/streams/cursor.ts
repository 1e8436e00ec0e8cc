import { DomainError } from "../errors/domain-error.ts";
import { type StreamName, streamNames } from "./stream.ts";

/**
 * The cursor after a position of a stream; opaque to clients. Its last digit names the stream, so that it
 * is not taken for a place in another; before it stands the position. "0" is the beginning of any stream.
 */
export function cursorOf(stream: StreamName, position: number): string {
  return position === 0 ? "0" : `${position}${digitOf(stream)}`;
}

/** The position of a cursor that a client sent; throws BAD_CURSOR when it is none of this stream. */
export function positionOf(stream: StreamName, cursor: string): number {
  if (cursor === "0") return 0;
  const position = /^[1-9]\d{1,15}$/.test(cursor) ? Number(cursor.slice(0, -1)) : 0;
  if (position > 0 && cursor.at(-1) === digitOf(stream)) return position;
  throw new DomainError("BAD_CURSOR", "This is not a cursor of this stream.");
}

function digitOf(stream: StreamName): string {
  return String(streamNames.indexOf(stream) + 1);
}
