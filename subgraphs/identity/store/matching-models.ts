import type { Database, Row } from "../../../kernel/database/database.ts";
import { readTrainedModel, type TrainedModel } from "../domain/records/trained-model.ts";

/** TRAINING and RESCORING are work under way; of those that are ACTIVE the newest counts. */
export type ModelState = "TRAINING" | "FAILED" | "RESCORING" | "ACTIVE";

/** One version of the matching model; `body` is null until it is trained. */
export interface ModelVersion {
  version: number;
  state: ModelState;
  seed: number;
  recordCount: number;
  /** Null: trained by itself. */
  requestedBy: string | null;
  createdAt: string;
  finishedAt: string | null;
  problem: string | null;
  /** SHA-256 of the artefact. */
  digest: string | null;
}

const columns = `m.version, m.state, m.seed, m.record_count, m.requested_by, m.created_at,
  m.finished_at, m.problem, m.digest`;

/** Versions of the matching model. */
export class MatchingModels {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** The version that scores, 0 before the first training. */
  async versionInForce(): Promise<number> {
    const [row] = await this.database.query<{ version: number }>({
      name: "identity-matching-version",
      text: `select coalesce(max(version), 0) as version from identity.matching_models
             where state in ('RESCORING', 'ACTIVE')`,
    });
    return row!.version;
  }

  async body(version: number): Promise<TrainedModel | null> {
    const [row] = await this.database.query<{ body: string | null }>(
      "select body from identity.matching_models where version = $1",
      [version],
    );
    return row?.body ? readTrainedModel(row.body) : null;
  }

  async find(version: number): Promise<ModelVersion | null> {
    const [row] = await this.database.query(
      `select ${columns} from identity.matching_models m where version = $1`,
      [version],
    );
    return row ? toVersion(row) : null;
  }

  /** Newest first. */
  async list(limit: number, before: number | null): Promise<ModelVersion[]> {
    const rows = await this.database.query(
      `select ${columns} from identity.matching_models m
       where $2::int is null or m.version < $2 order by m.version desc limit $1`,
      [limit, before],
    );
    return rows.map(toVersion);
  }

  /** The work under way, if any: the newest version that is neither active nor failed. */
  async underWay(): Promise<ModelVersion | null> {
    const [newest] = await this.list(1, null);
    return newest && (newest.state === "TRAINING" || newest.state === "RESCORING") ? newest : null;
  }

  /** A new version to be trained; null when one is under way. */
  async begin(seed: number, requestedBy: string | null, at: string): Promise<number | null> {
    const [row] = await this.database.query<{ version: number }>(
      `insert into identity.matching_models
         (version, state, seed, record_count, requested_by, created_at)
       select coalesce(max(version), 0) + 1, 'TRAINING', $1, 0, $2, $3
       from identity.matching_models
       having not coalesce(bool_or(state in ('TRAINING', 'RESCORING')), false)
       on conflict do nothing returning version`,
      [seed, requestedBy, at],
    );
    return row?.version ?? null;
  }

  /** The model is trained and scores from now on; what was scored before follows. */
  async activate(version: number, recordCount: number, digest: string, body: string) {
    await this.database.query(
      `update identity.matching_models set state = 'RESCORING', record_count = $2, digest = $3,
         body = $4 where version = $1 and state = 'TRAINING'`,
      [version, recordCount, digest, body],
    );
  }

  async end(version: number, state: "ACTIVE" | "FAILED", at: string, problem: string | null) {
    await this.database.query(
      `update identity.matching_models set state = $2, finished_at = $3, problem = $4
       where version = $1`,
      [version, state, at, problem],
    );
  }
}

function toVersion(row: Row): ModelVersion {
  return {
    version: row.version as number,
    state: row.state as ModelState,
    seed: row.seed as number,
    recordCount: row.record_count as number,
    requestedBy: row.requested_by as string | null,
    createdAt: row.created_at as string,
    finishedAt: row.finished_at as string | null,
    problem: row.problem as string | null,
    digest: row.digest as string | null,
  };
}
