import type { Problem } from "../../../../kernel/errors/problem.ts";
import type { SendResult } from "../../domain/send-result.ts";

/** A message as it leaves: the same id on every repetition. */
export interface OutboundMessage {
  id: string;
  body: string;
}

/** An open way to one destination: its connections, its limits. */
export interface Channel {
  /** Never throws; what went wrong is in the result. `secrets` sign now, the present one first. */
  send(message: OutboundMessage, secrets: readonly string[], now: Date): Promise<SendResult>;
  close(): Promise<void>;
}

/**
 * A kind of destination is one value: how its settings look (`form`, a JSON Schema for consoles),
 * which are right, what of them may be shown, how to send. A new kind is a new value in the
 * registry.
 */
export interface DestinationKind {
  kind: string;
  title: string;
  form: Record<string, unknown>;
  /** Problems of the settings; paths begin at `settings`. */
  problems(settings: Record<string, unknown>): Problem[];
  /** The settings with secrets hidden. */
  visible(settings: Record<string, unknown>): Record<string, unknown>;
  /** Attempts that may be under way at once. */
  concurrency(settings: Record<string, unknown>): number;
  /** Longest duration of an attempt. */
  attemptMsMax(settings: Record<string, unknown>): number;
  open(settings: Record<string, unknown>): Channel;
}

export type DestinationKinds = ReadonlyMap<string, DestinationKind>;
