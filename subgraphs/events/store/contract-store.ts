import type { Session } from "../../../kernel/database/database.ts";
import type { Contract, ContractState } from "../domain/contract.ts";

/** Where contracts are kept; a version, once written, changes in nothing but its state. */
export interface ContractStore {
  all(session: Session): Promise<Contract[]>;
  /** False when that version exists already. */
  insert(session: Session, contract: Contract): Promise<boolean>;
  /** False when there is no such version. */
  setState(
    session: Session,
    event: string,
    version: number,
    state: ContractState,
  ): Promise<boolean>;
}
