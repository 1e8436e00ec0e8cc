import type { SubgraphClient } from "../../../kernel/federation/subgraph-client.ts";
import { type GoldenRecord, recordOf } from "../domain/golden-record.ts";
import { type Consequences, type Standing, type UseDecision, weigh } from "../domain/standing.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { PolicyInForce } from "./policy-in-force.ts";

/** Of one person so many identifiers are asked about, in order of their keys. */
const keysOfPersonMax = 20_000;
const personsAtOnce = 100;
const keysAtOnce = 20_000;

const audiencesDocument = `query AudiencesIf($persons: [AudienceHypothesis!]!) {
  hypotheticalAudiences(persons: $persons)
}`;
const consentDocument = `query ConsentIf($persons: [ConsentHypothesis!]!) {
  hypotheticalDecisions(persons: $persons) { purpose channel outcome }
}`;
const bindingsDocument = `query Bindings($audiences: [String!]!) {
  audienceBindings(audiences: $audiences) { audience destination }
}`;

/**
 * What would become of persons if identifiers were grouped otherwise: golden record, audiences,
 * consent. The owners of audiences and consent answer with the code that answers for living
 * persons; nothing is written anywhere. Fails with UNAVAILABLE when one of them cannot be asked.
 */
export class WhatIf {
  private readonly reader: IdentityReader;
  private readonly policy: PolicyInForce;
  private readonly subgraphs: SubgraphClient;

  constructor(parts: {
    reader: IdentityReader;
    policy: PolicyInForce;
    subgraphs: SubgraphClient;
  }) {
    this.reader = parts.reader;
    this.policy = parts.policy;
    this.subgraphs = parts.subgraphs;
  }

  /**
   * How the world differs when persons made of `before` become persons made of `after` (lists of
   * identifier keys). Of several that become one, the first of `before` is taken to go on: who
   * enters an audience is told from it. Ask for what changes, not for everybody: each group costs
   * a look at all its events.
   */
  async consequencesOf(
    before: readonly (readonly string[])[],
    after: readonly (readonly string[])[],
  ): Promise<Consequences> {
    const change = changedOnly(before, after);
    const standings = await this.standingsOf([...change.before, ...change.after]);
    const told = weigh(
      change.before.map((keys, place) => ({ keys, standing: standings[place]! })),
      change.after.map((keys, place) => ({
        keys,
        standing: standings[change.before.length + place]!,
      })),
    );
    const audiences = [...new Set([...told.audiencesEntered, ...told.audiencesLeft])];
    return { ...told, destinations: await this.destinationsOf(audiences) };
  }

  /** How persons made of these identifiers would stand, in order. */
  async standingsOf(groups: readonly (readonly string[])[]): Promise<Standing[]> {
    const standings: Standing[] = [];
    for (const batch of batchesOf(groups)) standings.push(...(await this.batch(batch)));
    return standings;
  }

  /** Names of destinations that are told of these audiences, ascending. */
  async destinationsOf(audiences: readonly string[]): Promise<string[]> {
    if (audiences.length === 0) return [];
    const { audienceBindings: bindings } = await this.subgraphs.ask<{
      audienceBindings: { destination: string }[];
    }>("activation", bindingsDocument, { audiences });
    return [...new Set(bindings.map(({ destination }) => destination))].sort();
  }

  private async batch(groups: readonly (readonly string[])[]): Promise<Standing[]> {
    const records = await this.recordsOf(groups);
    const persons = groups.map((keys, place) => ({ keys, traits: valuesOf(records[place]!) }));
    const [{ hypotheticalAudiences }, { hypotheticalDecisions }] = await Promise.all([
      this.subgraphs.ask<{ hypotheticalAudiences: string[][] }>("audiences", audiencesDocument, {
        persons,
      }),
      this.subgraphs.ask<{ hypotheticalDecisions: UseDecision[][] }>("consent", consentDocument, {
        persons: groups.map((keys) => ({ keys })),
      }),
    ]);
    return records.map((record, place) => ({
      record,
      audiences: hypotheticalAudiences[place]!,
      decisions: hypotheticalDecisions[place]!,
    }));
  }

  private async recordsOf(groups: readonly (readonly string[])[]): Promise<GoldenRecord[]> {
    const sheets = await this.reader.sheetsOf([...new Set(groups.flat())]);
    const { policy } = this.policy.current();
    return groups.map((keys) =>
      recordOf(
        keys.flatMap((key) => sheets.get(key) ?? []),
        policy,
      ),
    );
  }
}

/** What each side has and the other has not: who stays as he is, is not asked about. */
function changedOnly(
  before: readonly (readonly string[])[],
  after: readonly (readonly string[])[],
): { before: string[][]; after: string[][] } {
  const named = (groups: readonly (readonly string[])[]) =>
    new Map(
      groups.map((keys) => {
        const own = [...new Set(keys)].sort();
        return [own.join("\u0001"), own] as const;
      }),
    );
  const [old, next] = [named(before), named(after)];
  return {
    before: [...old].flatMap(([name, keys]) => (next.has(name) ? [] : [keys])),
    after: [...next].flatMap(([name, keys]) => (old.has(name) ? [] : [keys])),
  };
}

function batchesOf(groups: readonly (readonly string[])[]): string[][][] {
  const batches: string[][][] = [];
  let keys = keysAtOnce + 1;
  for (const group of groups) {
    const own = [...new Set(group)].sort().slice(0, keysOfPersonMax);
    keys += own.length;
    if (keys > keysAtOnce || batches.at(-1)!.length >= personsAtOnce) {
      batches.push([]);
      keys = own.length;
    }
    batches.at(-1)!.push(own);
  }
  return batches;
}

function valuesOf(record: GoldenRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, { value }]) => [name, value]));
}
