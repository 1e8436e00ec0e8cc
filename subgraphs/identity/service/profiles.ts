import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { type Band, bandOf, type IdentityPolicy } from "../domain/identity-policy.ts";
import { compareStrength } from "../domain/observation.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import { confidenceFrom } from "../domain/strongest-path.ts";
import type { IdentityReader, Page, PersonListing, PersonRow } from "../store/identity-reader.ts";
import type { PolicyInForce } from "./policy-in-force.ts";

/**
 * Ties of one person that its confidences are told from; beyond it the rest counts as sure as its
 * own tie.
 */
const tiesMax = 2_000;
const identifiersMax = 500;
/** Rows one page of a listing by traits may look at. */
const scannedRowsMax = 2_000;

export interface TraitEquals {
  name: string;
  value: unknown;
}

/** What may leave of a person. */
export interface SendablePerson {
  id: string;
  identifiers: readonly RawIdentifier[];
  traits: Record<string, unknown>;
}

/** Answers who somebody is. Batched by the ids handed in. */
export class Profiles {
  readonly reader: IdentityReader;
  private readonly inForce: PolicyInForce;

  constructor(reader: IdentityReader, policy: PolicyInForce) {
    this.reader = reader;
    this.inForce = policy;
  }

  /** The policy in force. */
  get policy(): IdentityPolicy {
    return this.inForce.current().policy;
  }

  /** The key of an identifier as a client names it; null when it identifies nobody. */
  keyOf(raw: RawIdentifier): string | null {
    return this.inForce.identifiers.read(raw).identifier?.key ?? null;
  }

  /** Persons by identifier key. */
  async personsByKey(keys: readonly string[]): Promise<Map<string, PersonRow>> {
    const ids = await this.reader.personIdsOf(keys);
    const rows = await this.reader.persons([...new Set(ids.values())]);
    const found = [...ids].flatMap(([key, id]) => {
      const row = rows.get(id);
      return row ? [[key, row] as const] : [];
    });
    return new Map(found);
  }

  /**
   * How sure each identifier belongs to its person, by person and key: the weakest tie on the
   * strongest path to the person's anchor. What a human's word alone holds is sure.
   */
  async confidences(personIds: readonly string[]): Promise<Map<string, Map<string, number>>> {
    const page = { limit: identifiersMax, after: null };
    const members = await this.reader.identifiers(personIds, ["PERSON", "DEVICE", "SESSION"], page);
    const ties = await this.reader.evidenceWithin(personIds, tiesMax);
    const index = this.inForce.current();
    return new Map(
      personIds.map((id) => {
        const own = members.get(id)?.identifiers ?? [];
        const anchor = anchorOf(own, (a, b) => compareStrength(a, b, index));
        return [id, anchor ? confidenceFrom(anchor.key, ties.get(id) ?? []) : new Map()];
      }),
    );
  }

  /** What is named of each person, in order; null: nobody has that id (any more). */
  async sendable(
    ids: readonly string[],
    namespaces: readonly string[],
    traits: readonly string[],
  ): Promise<(SendablePerson | null)[]> {
    const [rows, names] = await Promise.all([
      this.reader.persons(ids),
      this.reader.namesOf(ids, namespaces, identifiersMax),
    ]);
    return ids.map((id) => {
      const row = rows.get(id);
      if (row?.id !== id) return null;
      const known = traits.flatMap((name) => {
        const fact = Object.hasOwn(row.record, name) ? row.record[name]! : null;
        return fact === null || fact.value === null ? [] : [[name, fact.value] as const];
      });
      return { id, identifiers: names.get(id) ?? [], traits: Object.fromEntries(known) };
    });
  }

  bandOf(confidence: number): Band {
    return bandOf(confidence, this.policy);
  }

  /**
   * A page of persons by id. With traits at most `scannedRowsMax` rows are looked at: the page may
   * be short (or empty) and go on after `last`.
   */
  async list(
    listing: PersonListing,
    traits: readonly TraitEquals[],
    page: Page,
  ): Promise<PersonPage> {
    const isSifted = traits.length > 0;
    const limit = isSifted ? scannedRowsMax : page.limit + 1;
    const read = await this.reader.listPersons(listing, { ...page, limit });
    const rows: PersonRow[] = [];
    for (const row of read) {
      if (!hasTraits(row, traits)) continue;
      if (rows.length === page.limit) return { rows, last: rows.at(-1)?.id ?? null, hasMore: true };
      rows.push(row);
    }
    const hasMore = isSifted && read.length === scannedRowsMax;
    return { rows, last: (hasMore ? read : rows).at(-1)?.id ?? null, hasMore };
  }

  /** Keys of the identifiers that exist at all; throws BAD_INPUT above the bound. */
  keysOf(raw: readonly RawIdentifier[]): string[] {
    if (raw.length > 100)
      throw new DomainError("BAD_INPUT", "At most 100 identifiers can be named.");
    return raw.flatMap((each) => this.keyOf(each) ?? []);
  }
}

/** `last`: the id after which the next page begins. */
export interface PersonPage {
  rows: PersonRow[];
  last: string | null;
  hasMore: boolean;
}

function anchorOf(
  identifiers: readonly KnownIdentifier[],
  compare: (a: KnownIdentifier, b: KnownIdentifier) => number,
): KnownIdentifier | undefined {
  return identifiers.reduce<KnownIdentifier | undefined>(
    (best, each) => (best === undefined || compare(each, best) < 0 ? each : best),
    undefined,
  );
}

function hasTraits(row: PersonRow, traits: readonly TraitEquals[]): boolean {
  return traits.every(({ name, value }) => {
    const fact = Object.hasOwn(row.record, name) ? row.record[name] : undefined;
    return fact !== undefined && JSON.stringify(fact.value) === JSON.stringify(value);
  });
}
