import type { Statement, Transaction } from "../../../kernel/database/database.ts";
import type { GraphChanges, Redirect } from "./graph-rows.ts";
import { saveAccounts } from "./postgres-accounts.ts";
import { saveAudit } from "./postgres-audit.ts";

type Cell = string | number | boolean | null;

/**
 * One statement for all rows of a list: `values` are its columns as arrays, in the order of `$1 …`.
 */
interface Upsert<R> {
  statement: Statement;
  columns: (row: R) => Cell[];
}

function upsert<R>(
  table: string,
  key: string,
  columns: Readonly<Record<string, string>>,
  read: (row: R) => Cell[],
): Upsert<R> {
  const names = Object.keys(columns);
  const keys = key.split(", ");
  const arrays = Object.values(columns).map((type, place) => `$${place + 1}::${type}[]`);
  const updates = names
    .filter((name) => !keys.includes(name))
    .map((name) => `${name} = excluded.${name}`);
  return {
    statement: {
      name: `identity-save-${table}`,
      text: `insert into identity.${table} (${names.join(", ")})
             select * from unnest(${arrays.join(", ")})
             on conflict (${key}) do update set ${updates.join(", ")}`,
    },
    columns: read,
  };
}

const json = JSON.stringify;

const identifiers = upsert<GraphChanges["identifiers"][number]>(
  "identifiers",
  "key",
  {
    key: "text",
    namespace: "text",
    value: "text",
    kind: "text",
    person_id: "text",
    origin_id: "text",
    first_seen_at: "text",
    last_seen_at: "text",
    sources: "text",
    seen: "boolean",
    claims: "integer",
    generic: "boolean",
    generic_cause: "text",
  },
  (row) => [
    row.key,
    row.namespace,
    row.value,
    row.kind,
    row.personId,
    row.originId,
    row.firstSeenAt,
    row.lastSeenAt,
    json(row.sources),
    row.seen,
    row.claims,
    row.generic,
    row.genericCause ?? null,
  ],
);

const evidence = upsert<GraphChanges["evidence"][number]>(
  "evidence",
  "low_key, high_key, rule",
  {
    low_key: "text",
    high_key: "text",
    rule: "text",
    method: "text",
    confidence: "float8",
    first_seen_at: "text",
    last_seen_at: "text",
    count: "integer",
    sources: "text",
    messages: "text",
    last_position: "bigint",
  },
  (row) => [
    row.low,
    row.high,
    row.rule,
    row.method,
    row.confidence,
    row.firstSeenAt,
    row.lastSeenAt,
    row.count,
    json(row.sources),
    json(row.messages),
    row.lastPosition,
  ],
);

const sheets = upsert<GraphChanges["sheets"][number]>(
  "fact_sheets",
  "key, source",
  { key: "text", source: "text", facts: "text" },
  (row) => [row.key, row.source, json(row.facts)],
);

const persons = upsert<GraphChanges["persons"][number]>(
  "persons",
  "id",
  {
    id: "text",
    created_at: "text",
    merged_into: "text",
    size: "integer",
    known: "boolean",
    tally: "text",
    last_rank: "text",
    conflicted: "boolean",
    decided: "boolean",
    policy_version: "integer",
    record: "text",
  },
  (row) => [
    row.id,
    row.createdAt,
    null,
    row.size,
    row.known,
    json(row.tally),
    row.lastRank,
    row.conflicted,
    row.decided,
    row.policyVersion,
    json(row.record),
  ],
);

/** A person that is no more keeps its row: the redirect. */
const redirects: Upsert<Redirect> = {
  statement: persons.statement,
  columns: ({ from, to, createdAt }) => [
    from,
    createdAt,
    to,
    0,
    false,
    "{}",
    "",
    false,
    false,
    0,
    "{}",
  ],
};

const moveStatement: Statement = {
  name: "identity-move",
  text: `update identity.identifiers as i set person_id = merge.survivor
         from unnest($1::text[], $2::text[]) as merge (old, survivor)
         where i.person_id = merge.old`,
};

const hopStatement: Statement = {
  name: "identity-one-hop",
  text: `update identity.persons as p set merged_into = merge.survivor
         from unnest($1::text[], $2::text[]) as merge (old, survivor)
         where p.merged_into = merge.old`,
};

/** Writes the difference: at most one statement a kind of row. */
export async function saveChanges(tx: Transaction, changes: GraphChanges): Promise<void> {
  await put(tx, identifiers, changes.identifiers);
  await put(tx, evidence, changes.evidence);
  await put(tx, sheets, changes.sheets);
  await put(tx, persons, changes.persons);
  if (changes.merges.length > 0) {
    const ends = [changes.merges.map(({ from }) => from), changes.merges.map(({ to }) => to)];
    tx.write(moveStatement, ends);
    tx.write(hopStatement, ends);
    await put(tx, redirects, changes.merges);
  }
  await put(tx, redirects, changes.redirects);
  await saveAccounts(tx, changes.accounts, changes.memberships);
  await saveAudit(tx, changes.audit);
}

async function put<R>(tx: Transaction, { statement, columns }: Upsert<R>, rows: readonly R[]) {
  if (rows.length === 0) return;
  const table = rows.map(columns);
  tx.write(
    statement,
    table[0]!.map((_, column) => table.map((row) => row[column] ?? null)),
  );
}
