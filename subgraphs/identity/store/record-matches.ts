import type { Database, Session } from "../../../kernel/database/database.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { RecordKey } from "../domain/records/record-blocking.ts";
import type { PairVerdict } from "../domain/records/match-groups.ts";
import type { ScoredPair } from "../domain/records/scored-pair.ts";
import { type KnownPair, type PairRow, toPair } from "./record-pair.ts";

/** A process that dies in its turn keeps the others waiting so long. */
const turnSeconds = 30;
const askAgainMs = 15;

/** The weight of a pair that is none any more, until the graph was told. */
export const goneWeight = -99;

/** What the matcher keeps: keys of records, and pairs of records that may be one person. */
export class RecordMatches {
  private readonly database: Database;
  /** Of this process among those that match. */
  private readonly name = newId("matcher");

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * Runs `work` while no other process matches: two records that come in at two processes at once
   * would miss each other. Embedded there is one process.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.database.engine === "pglite") return work();
    while (!(await this.takeTurn())) {
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
    try {
      return await work();
    } finally {
      await this.database.query(
        "update identity.matching_turn set holder = null where holder = $1",
        [this.name],
      );
    }
  }

  private async takeTurn(): Promise<boolean> {
    const taken = await this.database.query(
      `update identity.matching_turn
       set holder = $1, until = clock_timestamp() + make_interval(secs => $2)
       where holder is null or holder = $1 or until < clock_timestamp() returning 1`,
      [this.name, turnSeconds],
    );
    return taken.length > 0;
  }

  /** The records have these keys and no others. */
  async putKeys(keys: readonly { id: number; keys: readonly RecordKey[] }[]): Promise<void> {
    const ids = keys.map(({ id }) => id);
    const rows = keys.flatMap(({ id, keys: own }) =>
      [...new Set(own.map(({ hash }) => hash))].map((hash) => ({ id, hash })),
    );
    await this.database.transaction(async (tx) => {
      await tx.query(
        `delete from identity.record_keys k using (
           select id, unnest(hashes) as hash from identity.records where id = any($1::bigint[])
         ) as old where k.hash = old.hash and k.record_id = old.id`,
        [ids],
      );
      await tx.query(
        `insert into identity.record_keys (hash, record_id)
         select * from unnest($1::bigint[], $2::bigint[]) on conflict do nothing`,
        [rows.map(({ hash }) => hash), rows.map(({ id }) => id)],
      );
      await tx.query(
        `update identity.records r set hashes = n.hashes::bigint[]
         from unnest($1::bigint[], $2::text[]) as n (id, hashes) where r.id = n.id`,
        [ids, keys.map(({ keys: own }) => `{${own.map(({ hash }) => hash).join()}}`)],
      );
    });
  }

  /** Records by key; a block of more than its bound is left out: it holds a generic value. */
  async blocks(bounds: ReadonlyMap<number, number>): Promise<Map<number, number[]>> {
    const rows = await this.database.query<{ hash: number; ids: string }>(
      {
        name: "identity-record-blocks",
        text: `select w.hash, string_agg(k.record_id::text, ',') as ids
          from unnest($1::bigint[], $2::int[]) as w (hash, most),
          lateral (select record_id from identity.record_keys k where k.hash = w.hash
                   limit w.most + 1) as k
          group by w.hash, w.most having count(*) between 2 and w.most`,
      },
      [[...bounds.keys()], [...bounds.values()]],
    );
    return new Map(rows.map(({ hash, ids }) => [hash, ids.split(",").map(Number)]));
  }

  /**
   * The pairs of the records, as `version` of the model sees them; a pair with a record that this
   * version has not looked at yet stays until it has.
   */
  async putPairs(
    ids: readonly number[],
    pairs: readonly ScoredPair[],
    version: number,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(`update identity.records set scored_with = $2 where id = any($1::bigint[])`, [
        ids,
        version,
      ]);
      for (const side of ["left", "right"]) await dropPairs(tx, side, ids, version);
      await tx.query(
        `insert into identity.record_pairs as p
           (left_id, right_id, weight, probability, contradicted)
         select * from unnest($1::bigint[], $2::bigint[], $3::real[], $4::double precision[],
           $5::boolean[])
         on conflict (left_id, right_id) do update set weight = excluded.weight,
           probability = excluded.probability, contradicted = excluded.contradicted`,
        [
          pairs.map(({ left }) => left),
          pairs.map(({ right }) => right),
          pairs.map(({ weight }) => weight),
          pairs.map(({ probability }) => probability),
          pairs.map(({ contradicted }) => contradicted),
        ],
      );
    });
  }

  /** Pairs of the records above a weight, and those that are to be taken back. */
  async pairsOf(ids: readonly number[], weightMin: number): Promise<KnownPair[]> {
    const side = (column: string) => `select left_id, right_id, weight, probability, contradicted,
        confidence, asked, told_confidence from identity.record_pairs where ${column} = any($1::bigint[])`;
    const rows = await this.database.query<PairRow>(
      {
        name: "identity-record-pairs",
        text: `select * from (${side("left_id")} union ${side("right_id")}) p
          where weight > $2 or weight = ${goneWeight}`,
      },
      [ids, weightMin],
    );
    return rows.map(toPair);
  }

  /** What follows from pairs, to be told to the graph, and that their records are grouped. */
  async putVerdicts(
    verdicts: readonly PairVerdict[],
    ids: readonly number[],
    version: number,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(
        `update identity.record_pairs p set confidence = v.confidence, asked = v.asks, told = false
         from unnest($1::bigint[], $2::bigint[], $3::double precision[], $4::boolean[])
           as v (left_id, right_id, confidence, asks)
         where p.left_id = v.left_id and p.right_id = v.right_id`,
        [
          verdicts.map(({ left }) => left),
          verdicts.map(({ right }) => right),
          verdicts.map(({ confidence }) => confidence),
          verdicts.map(({ asks }) => asks),
        ],
      );
      await tx.query(
        `update identity.records set grouped_with = $2
         where id = any($1::bigint[]) and scored_with = $2 and grouped_with <> $2`,
        [ids, version],
      );
    });
  }

  /** The records need not be looked at again for this version. */
  async markGrouped(ids: readonly number[], version: number): Promise<void> {
    await this.database.query(
      "update identity.records set grouped_with = $2 where id = any($1::bigint[])",
      [ids, version],
    );
  }

  /** Pairs whose meaning the graph has not been told, of records that it knows. */
  async untold(limit: number): Promise<KnownPair[]> {
    const rows = await this.database.query<PairRow>(
      `select left_id, right_id, weight, probability, contradicted, confidence, asked, told_confidence
       from identity.record_pairs p where not told order by left_id limit $1`,
      [limit],
    );
    return rows.map(toPair);
  }

  /** The graph knows these; one that is gone is forgotten. */
  async told(pairs: readonly KnownPair[]): Promise<void> {
    const values = [
      pairs.map(({ left }) => left),
      pairs.map(({ right }) => right),
      pairs.map(({ confidence }) => confidence),
      pairs.map(({ asks }) => asks),
    ];
    const same = `unnest($1::bigint[], $2::bigint[], $3::double precision[],
        $4::boolean[]) as t (left_id, right_id, confidence, asks)
      where p.left_id = t.left_id and p.right_id = t.right_id and p.confidence = t.confidence
        and p.asked = t.asks`;
    await this.database.query(
      `delete from identity.record_pairs p using ${same} and p.weight = ${goneWeight}`,
      values,
    );
    await this.database.query(
      `update identity.record_pairs p set told = true,
         told_confidence = p.confidence from ${same}`,
      values,
    );
  }
}

/** A pair the graph was told of must be taken back before it goes. */
function dropPairs(tx: Session, side: string, ids: readonly number[], version: number) {
  const other = side === "left" ? "right" : "left";
  return tx.query(
    `with old as (
       select p.left_id, p.right_id, p.confidence > 0 or p.asked or not p.told as matters
       from identity.record_pairs p join identity.records r on r.id = p.${other}_id
       where p.${side}_id = any($1::bigint[]) and r.scored_with = $2
     ), gone as (
       delete from identity.record_pairs p using old
       where p.left_id = old.left_id and p.right_id = old.right_id and not old.matters
     )
     update identity.record_pairs p set weight = ${goneWeight}, probability = 0 from old
     where p.left_id = old.left_id and p.right_id = old.right_id and old.matters`,
    [ids, version],
  );
}
