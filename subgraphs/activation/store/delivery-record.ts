import type { Row } from "../../../kernel/database/database.ts";
import type {
  Attempt,
  ConsentVerdict,
  DeliveryCause,
  DeliveryStatus,
  HeldBecause,
  MessageKind,
} from "../domain/delivery.ts";

/** A line of the delivery ledger. */
export interface DeliveryRecord {
  id: string;
  destination: string;
  sync: string;
  audience: string | null;
  personId: string;
  kind: MessageKind;
  status: DeliveryStatus;
  dueAt: Date | null;
  attemptCount: number;
  attempts: Attempt[];
  cause: DeliveryCause;
  decision: ConsentVerdict | null;
  held: HeldBecause | null;
  note: string | null;
  occurredAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

/** Reads a row of `activation.deliveries`. */
export function toDeliveryRecord(row: Row): DeliveryRecord {
  return {
    id: row["id"] as string,
    destination: row["destination"] as string,
    sync: row["sync"] as string,
    audience: row["audience"] as string | null,
    personId: row["person_id"] as string,
    kind: row["kind"] as MessageKind,
    status: row["status"] as DeliveryStatus,
    dueAt: row["due_at"] as Date | null,
    attemptCount: row["attempt_count"] as number,
    attempts: parsed<Attempt[]>(row["attempts"]) ?? [],
    cause: parsed<DeliveryCause>(row["cause"])!,
    decision: parsed<ConsentVerdict>(row["decision"]),
    held: row["held"] as HeldBecause | null,
    note: row["note"] as string | null,
    occurredAt: row["occurred_at"] as Date,
    createdAt: row["created_at"] as Date,
    updatedAt: row["updated_at"] as Date,
  };
}

/** JSON text of a column, or null. */
export function parsed<T>(text: unknown): T | null {
  return typeof text === "string" ? (JSON.parse(text) as T) : null;
}
