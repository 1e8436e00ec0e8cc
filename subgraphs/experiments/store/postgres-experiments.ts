import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import { type Experiment, experimentsMax, type Variation } from "../domain/experiment.ts";
import type { ExperimentState } from "../domain/experiment-state.ts";

interface ExperimentRow extends Row {
  name: string;
  title: string | null;
  unit: "PERSON";
  audience: string | null;
  variations: string;
  seed: string;
  hash_version: number;
  state: ExperimentState;
  created_at: Date;
  started_at: Date | null;
  stopped_at: Date | null;
}

const columns = `name, title, unit, audience, variations, seed, hash_version, state, created_at,
  started_at, stopped_at`;

export async function findExperiment(session: Session, name: string): Promise<Experiment | null> {
  const [found] = await namedExperiments(session, [name]);
  return found ?? null;
}

export async function namedExperiments(
  session: Session,
  names: readonly string[],
): Promise<Experiment[]> {
  const text = `select ${columns} from experiments.experiments where name = any($1::text[])`;
  const rows = await session.query<ExperimentRow>({ name: "experiments-named", text }, [names]);
  return rows.map(toExperiment);
}

export async function experimentPage(
  session: Session,
  first: number,
  after: string | null,
): Promise<Experiment[]> {
  const rows = await session.query<ExperimentRow>(
    `select ${columns} from experiments.experiments
     where $1::text is null or name > $1 order by name limit $2`,
    [after, first + 1],
  );
  return rows.map(toExperiment);
}

export async function startedExperiments(session: Session): Promise<Experiment[]> {
  const text = `select ${columns} from experiments.experiments where state <> 'DRAFT'
    order by name limit ${experimentsMax}`;
  const rows = await session.query<ExperimentRow>({ name: "experiments-started", text });
  return rows.map(toExperiment);
}

export async function countExperiments(session: Session): Promise<number> {
  const text = "select count(*)::int as n from experiments.experiments";
  const [row] = await session.query<{ n: number }>(text);
  return row!.n;
}

export async function addExperiment(
  transaction: Transaction,
  experiment: Experiment,
): Promise<boolean> {
  const { name, title, unit, audience, variations, seed, hashVersion, state } = experiment;
  const rows = await transaction.query(
    `insert into experiments.experiments (name, title, unit, audience, variations, seed,
       hash_version, state, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict do nothing returning name`,
    [
      name,
      title,
      unit,
      audience,
      JSON.stringify(variations),
      seed,
      hashVersion,
      state,
      new Date(experiment.createdAt),
    ],
  );
  return rows.length > 0;
}

export async function saveExperimentState(
  transaction: Transaction,
  { name, state, startedAt, stoppedAt }: Experiment,
): Promise<void> {
  await transaction.query(
    `update experiments.experiments set state = $2, started_at = $3, stopped_at = $4
     where name = $1`,
    [name, state, dateOrNull(startedAt), dateOrNull(stoppedAt)],
  );
}

function toExperiment(row: ExperimentRow): Experiment {
  return {
    name: row.name,
    title: row.title,
    unit: row.unit,
    audience: row.audience,
    variations: JSON.parse(row.variations) as Variation[],
    seed: row.seed,
    hashVersion: row.hash_version,
    state: row.state,
    createdAt: row.created_at.getTime(),
    startedAt: row.started_at?.getTime() ?? null,
    stoppedAt: row.stopped_at?.getTime() ?? null,
  };
}

function dateOrNull(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
