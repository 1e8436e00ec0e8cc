import type { Database, Row } from "../../../kernel/database/database.ts";
import type { PolicyStanding } from "./policy-follower.ts";
import { lock, makeActive, type PolicyVersion } from "./policies.ts";

export type RunState = "RUNNING" | "DONE" | "SUPERSEDED";

/** The recomputation that follows an activation. */
export interface PolicyRun extends PolicyStanding {
  id: string;
  state: RunState;
  actor: string;
  reason: string | null;
  startedAt: string;
  endedAt: string | null;
  /** Key of the last identifier that was looked at; "": none yet. */
  cursor: string;
  done: number;
  total: number;
  merges: number;
  splits: number;
  /** Components that were too large and had to be broken. */
  broken: number;
}

export type RunProgress = Pick<
  PolicyRun,
  "cursor" | "done" | "merges" | "splits" | "broken" | "state" | "endedAt"
>;

const columns =
  "id, activation, version, state, actor, reason, started_at, ended_at, cursor, done, total, " +
  "merges, splits, broken";

/** Activations and what became of each, in PostgreSQL in both layouts. */
export class PolicyRuns {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * Says that a version is to be in force, and begins the run that brings it about. Null when the
   * version is neither approved nor retired.
   */
  activate(
    version: number,
    run: {
      id: string;
      actor: string;
      reason: string | null;
      at: string;
      total: number;
    },
  ): Promise<{ policy: PolicyVersion; run: PolicyRun } | null> {
    return this.database.transaction(async (tx) => {
      await lock(tx);
      const policy = await makeActive(tx, version, run.at);
      if (!policy) return null;
      await tx.query(
        `update identity.policy_runs set state = 'SUPERSEDED', ended_at = $1
         where state = 'RUNNING'`,
        [run.at],
      );
      const [row] = await tx.query(
        `insert into identity.policy_runs
           (id, activation, version, state, actor, reason, started_at, total)
         select $1, coalesce(max(activation), 0) + 1, $2, 'RUNNING', $3, $4, $5, $6
         from identity.policy_runs returning ${columns}`,
        [run.id, version, run.actor, run.reason, run.at, run.total],
      );
      return { policy, run: toRun(row!) };
    });
  }

  async find(id: string): Promise<PolicyRun | null> {
    const [row] = await this.database.query(
      `select ${columns} from identity.policy_runs where id = $1`,
      [id],
    );
    return row ? toRun(row) : null;
  }

  /** The last activation; null: there was none. */
  async latest(): Promise<PolicyRun | null> {
    const [row] = await this.database.query(
      `select ${columns} from identity.policy_runs order by activation desc limit 1`,
    );
    return row ? toRun(row) : null;
  }

  /** Notes how far it has come, unless a later activation has ended it meanwhile. */
  async advance(id: string, progress: RunProgress): Promise<void> {
    const { cursor, done, merges, splits, broken, state, endedAt } = progress;
    await this.database.query(
      `update identity.policy_runs
       set cursor = $2, done = $3, merges = $4, splits = $5, broken = $6, state = $7, ended_at = $8
       where id = $1 and state = 'RUNNING'`,
      [id, cursor, done, merges, splits, broken, state, endedAt],
    );
  }
}

function toRun(row: Row): PolicyRun {
  return {
    id: row.id as string,
    activation: row.activation as number,
    version: row.version as number,
    state: row.state as RunState,
    actor: row.actor as string,
    reason: row.reason as string | null,
    startedAt: row.started_at as string,
    endedAt: row.ended_at as string | null,
    cursor: row.cursor as string,
    done: row.done as number,
    total: row.total as number,
    merges: row.merges as number,
    splits: row.splits as number,
    broken: row.broken as number,
  };
}
