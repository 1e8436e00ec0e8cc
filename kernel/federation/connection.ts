import { type ClassType, Directive, Field, Int, ObjectType } from "type-graphql";
import { DomainError } from "../errors/domain-error.ts";

@ObjectType("PageInfo", { description: "Where a page stands in its list." })
@Directive("@shareable")
export class PageInfo {
  @Field(() => Boolean, { description: "Whether there is more after this page." })
  hasNextPage: boolean;

  @Field(() => String, { nullable: true, description: "Hand it to `after` for the next page." })
  endCursor: string | null;
}

export interface EdgeOf<N> {
  cursor: string;
  node: N;
}

export interface ConnectionOf<N> {
  edges: EdgeOf<N>[];
  nodes: N[];
  pageInfo: PageInfo;
}

/**
 * The object types `<name>Edge` and `<name>Connection` over a node type. Extend the class it gives for
 * more fields (`totalCount`): `@ObjectType("XConnection", {…}) class XConnection extends connectionOf("X", X)`.
 */
export function connectionOf<N extends object>(name: string, node: () => ClassType<N>) {
  @ObjectType(`${name}Edge`, { description: `One entry of a ${name} list.` })
  class Edge implements EdgeOf<N> {
    @Field(() => String, { description: "Position of this entry in the list." })
    cursor: string;

    @Field(node, { description: "The entry." })
    node: N;
  }

  @ObjectType(`${name}Page`, { description: `A page of a ${name} list.` })
  abstract class Connection implements ConnectionOf<N> {
    @Field(() => [Edge], { description: "The entries with their cursors." })
    edges: Edge[];

    @Field(() => [node()], { description: "The entries." })
    nodes: N[];

    @Field(() => PageInfo, { description: "Where this page stands." })
    pageInfo: PageInfo;
  }
  return Connection;
}

/** A page of `rows` that were read one more than asked for; `cursorOf` gives a row's cursor. */
export function toConnection<R, N>(
  rows: readonly R[],
  first: number,
  cursorOf: (row: R) => string,
  toNode: (row: R) => N,
): ConnectionOf<N> {
  const edges = rows.slice(0, first).map((row) => ({ cursor: cursorOf(row), node: toNode(row) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
  };
}

export const pageSizeDefault = 20;
export const pageSizeMax = 500;

/** The page size asked for; throws BAD_INPUT outside 0–`max`. */
export function pageSize(
  first: number | null | undefined,
  fallback: number = pageSizeDefault,
  max: number = pageSizeMax,
): number {
  const size = first ?? fallback;
  if (Number.isInteger(size) && size >= 0 && size <= max) return size;
  throw new DomainError("BAD_INPUT", `\`first\` must be from 0 to ${max}.`, { details: { max } });
}

/**
 * Keyset cursors: the name of the list and the sort key of a row, as opaque text. The name keeps a
 * cursor of one list from being taken for a place in another.
 */
export function encodeCursor(list: string, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString("base64url");
}

/** The sort key of a cursor of this list; throws BAD_CURSOR when it is none of ours. */
export function decodeCursor(
  list: string,
  cursor: string | null | undefined,
): (string | number)[] | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(parts) && parts[0] === list && parts.length > 1 && parts.every(isKeyPart)) {
      return parts.slice(1) as (string | number)[];
    }
  } catch {
    // Falls through to the error below.
  }
  throw badCursor();
}

/** For one whose sort key is none of this list's, either. */
export function badCursor(): DomainError {
  return new DomainError("BAD_CURSOR", "This is not a cursor of this list.");
}

function isKeyPart(part: unknown): boolean {
  if (typeof part === "number") return Number.isSafeInteger(part);
  return typeof part === "string" && part.isWellFormed() && !part.includes("\0");
}

/** The type of `first` arguments. */
export const pageSizeType = () => Int;
