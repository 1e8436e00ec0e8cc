/** A single value an equality test can name. */
export type Scalar = string | number | boolean;

/**
 * Exactly one operator. Numbers compare with numbers, instants with ISO 8601 texts; `"5"` is not
 * `5`.
 */
export type ValueCondition =
  | { equals: Scalar }
  | { notEquals: Scalar }
  | { in: Scalar[] }
  | { notIn: Scalar[] }
  | { greaterThan: number }
  | { atLeast: number }
  | { lessThan: number }
  | { atMost: number }
  | { contains: Scalar }
  | { startsWith: string }
  | { before: string }
  | { after: string }
  | { exists: boolean };

/** A condition on a property of an event; `property` is a dotted path (`order.items.sku`). */
export interface PropertyCondition {
  property: string;
  is: ValueCondition;
}

export const eventConditionTypes = ["TRACK", "PAGE", "SCREEN"] as const;
export type EventConditionType = (typeof eventConditionTypes)[number];

/** How often; `exactly` stands alone, the other two may stand together. Default: at least once. */
export interface EventCount {
  atLeast?: number;
  atMost?: number;
  exactly?: number;
}

export interface EventCondition {
  /** Required for TRACK; a page or screen without a name counts when this is absent. */
  name?: string;
  /** TRACK unless said otherwise. */
  type?: EventConditionType;
  count?: EventCount;
  /** ISO 8601 duration that ends now; absent: ever. */
  within?: string;
  where?: PropertyCondition[];
}

export interface TraitCondition {
  name: string;
  is: ValueCondition;
}

/** The rule as people write it and as it is stored: a closed tree. */
export type AudienceRule =
  | { all: AudienceRule[] }
  | { any: AudienceRule[] }
  | { not: AudienceRule }
  | { event: EventCondition }
  | { trait: TraitCondition };

/** The bounds of a rule; beyond them it is refused with a problem. */
export const ruleLimits = {
  depthMax: 8,
  nodesMax: 100,
  listLengthMax: 1_000,
  conditionsMax: 20,
  countMax: 1_000,
  textLengthMax: 1_000,
  nameLengthMax: 200,
  windowMsMax: 3_660 * 86_400_000,
} as const;
