import {
  badCursor,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";

export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

/** A page of a list that is at hand; the cursor is the place. */
export function slice<R, N>(
  list: string,
  all: readonly R[],
  { first, after }: PageArguments,
  toNode: (row: R) => N,
) {
  const size = pageSize(first);
  const start = placeIn(list, after);
  const rows = all
    .slice(start, start + size + 1)
    .map((row, place) => ({ row, place: start + place + 1 }));
  return toConnection(
    rows,
    size,
    ({ place }) => encodeCursor(list, [place]),
    ({ row }) => toNode(row),
  );
}

/** How many entries came before; throws BAD_CURSOR when the cursor is not of this list. */
export function placeIn(list: string, after: string | null | undefined): number {
  const place = decodeCursor(list, after)?.[0] ?? 0;
  if (typeof place === "number" && place >= 0) return place;
  throw badCursor();
}
