import type { Session } from "../../../kernel/database/database.ts";
import type {
  Contract,
  ContractDrives,
  ContractFamily,
  ContractState,
} from "../domain/contract.ts";
import type { ContractStore } from "./contract-store.ts";

interface ContractRow extends Record<string, unknown> {
  event: string;
  version: number;
  family: string;
  owner: string;
  drives: string;
  justification: string | null;
  schema: string;
  state: string;
  created_at: Date;
}

/** Contracts on PostgreSQL, embedded or not. */
export class PostgresContractStore implements ContractStore {
  async all(session: Session): Promise<Contract[]> {
    const rows = await session.query<ContractRow>(
      "select * from events.contracts order by event, version",
    );
    return rows.map(contractOf);
  }

  async insert(session: Session, contract: Contract): Promise<boolean> {
    const rows = await session.query(
      `insert into events.contracts
         (event, version, family, owner, drives, justification, schema, state, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (event, version) do nothing returning 1`,
      [
        contract.event,
        contract.version,
        contract.family,
        contract.owner,
        contract.drives,
        contract.justification,
        JSON.stringify(contract.schema),
        contract.state,
        contract.createdAt,
      ],
    );
    return rows.length > 0;
  }

  async setState(
    session: Session,
    event: string,
    version: number,
    state: ContractState,
  ): Promise<boolean> {
    const rows = await session.query(
      "update events.contracts set state = $3 where event = $1 and version = $2 returning 1",
      [event, version, state],
    );
    return rows.length > 0;
  }
}

function contractOf(row: ContractRow): Contract {
  return {
    event: row.event,
    version: row.version,
    family: row.family as ContractFamily,
    owner: row.owner,
    drives: row.drives as ContractDrives,
    justification: row.justification,
    schema: JSON.parse(row.schema) as Record<string, unknown>,
    state: row.state as ContractState,
    createdAt: row.created_at,
  };
}
