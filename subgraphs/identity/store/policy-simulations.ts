import type { Database, Row } from "../../../kernel/database/database.ts";
import type { SimulatedChange } from "../domain/simulate-policy.ts";

export type SimulationState = "RUNNING" | "DONE" | "CANCELLED" | "FAILED";

/** What a simulation has found so far, and where it goes on. */
export interface SimulationBody {
  /** Persons that were looked at, and that there were at the start. */
  done: number;
  total: number;
  merges: number;
  splits: number;
  moves: number;
  personsBefore: number;
  personsAfter: number;
  /** Persons whose component is too large to look at: they count as they are. */
  oversize: number;
  audiences: Record<string, { entered: number; left: number }>;
  destinations: string[];
  /** Persons whose audiences were asked for. */
  asked: number;
  /** Whether all that would change were asked about. */
  askedAll: boolean;
  examples: SimulatedChange[];
  /** Generic values that the policy would let join again. */
  opened: string[];
  /** Up to where generic values were looked at; null: all were. */
  genericCursor: string | null;
  note: string | null;
}

export interface PolicySimulation {
  id: string;
  version: number;
  /** The version in force when it was begun. */
  against: number;
  /** About how many persons it looks at; null: all. */
  sample: number | null;
  actor: string;
  state: SimulationState;
  startedAt: string;
  endedAt: string | null;
  /** Last person that was looked at; "": none yet. */
  cursor: string;
  body: SimulationBody;
}

const columns = "id, version, against, sample, actor, state, started_at, ended_at, cursor, body";

/** Simulations of the policy, in PostgreSQL in both layouts. */
export class PolicySimulations {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async begin(simulation: PolicySimulation): Promise<void> {
    const { id, version, against, sample, actor, state, startedAt, body } = simulation;
    await this.database.query(
      `insert into identity.policy_simulations
         (id, version, against, sample, actor, state, started_at, body)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, version, against, sample, actor, state, startedAt, JSON.stringify(body)],
    );
  }

  async find(id: string): Promise<PolicySimulation | null> {
    return (await this.some("where id = $1", [id]))[0] ?? null;
  }

  /** The one whose turn it is: the oldest that is not through. */
  async next(): Promise<PolicySimulation | null> {
    return (
      (await this.some("where state = 'RUNNING' order by started_at, id limit 1", []))[0] ?? null
    );
  }

  async countRunning(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      "select count(*) as count from identity.policy_simulations where state = 'RUNNING'",
    );
    return row!.count;
  }

  /** Notes how far it has come, unless it was cancelled meanwhile. */
  async advance(simulation: PolicySimulation): Promise<void> {
    const { id, state, endedAt, cursor, body } = simulation;
    await this.database.query(
      `update identity.policy_simulations
       set state = $2, ended_at = $3, cursor = $4, body = $5
       where id = $1 and state = 'RUNNING'`,
      [id, state, endedAt, cursor, JSON.stringify(body)],
    );
  }

  async cancel(id: string, at: string): Promise<PolicySimulation | null> {
    await this.database.query(
      `update identity.policy_simulations set state = 'CANCELLED', ended_at = $2
       where id = $1 and state = 'RUNNING'`,
      [id, at],
    );
    return this.find(id);
  }

  private async some(where: string, values: unknown[]): Promise<PolicySimulation[]> {
    const rows = await this.database.query(
      `select ${columns} from identity.policy_simulations ${where}`,
      values,
    );
    return rows.map(toSimulation);
  }
}

function toSimulation(row: Row): PolicySimulation {
  return {
    id: row.id as string,
    version: row.version as number,
    against: row.against as number,
    sample: row.sample as number | null,
    actor: row.actor as string,
    state: row.state as SimulationState,
    startedAt: row.started_at as string,
    endedAt: row.ended_at as string | null,
    cursor: row.cursor as string,
    body: JSON.parse(row.body as string) as SimulationBody,
  };
}
