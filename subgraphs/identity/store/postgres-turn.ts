import type { Session } from "../../../kernel/database/database.ts";
import type { PolicyStanding } from "./policy-follower.ts";
import type { Standing } from "./units.ts";

/** What the writer's row says between two units of work. */
export interface WriterStanding extends Standing {
  /** Counts units of work. */
  readonly revision: number;
  readonly version: string;
  readonly lastErasedAt: string | null;
}

export interface PostgresStanding extends WriterStanding {
  /** Of the cursor; -1: there is none yet. */
  readonly eventsPosition: number;
}

interface WriterRow extends Record<string, unknown> {
  revision: number;
  version_before: string;
  erased_at: string | null;
  policy_version: number;
  policy_activation: number;
}

/**
 * Takes the right to write, until the commit: the lock of one row, whatever process asks. Gives what
 * the writer before has left. The count alone would not tell a unit of work from the one that came
 * in its place when it failed: `mark` does.
 */
export async function takeTurn(tx: Session, mark: string): Promise<WriterStanding> {
  const [row] = await tx.query<WriterRow>(
    {
      name: "identity-writer",
      text: `update identity.writer
             set revision = revision + 1, version_before = version, version = $1
             returning revision, version_before, erased_at, policy_version, policy_activation`,
    },
    [mark],
  );
  const revision = row!.revision - 1;
  return {
    revision,
    version: versionOf(revision, row!.version_before),
    lastErasedAt: row!.erased_at,
    policy: standingOf(row!),
  };
}

/** The same with the cursor, for who keeps it himself. */
export async function awaitTurn(tx: Session, mark: string): Promise<PostgresStanding> {
  // Two statements: the second one reads what the writer before has committed.
  const [standing, [cursor]] = await Promise.all([
    takeTurn(tx, mark),
    tx.query<{ position: number }>({
      name: "identity-cursor",
      text: `select position from streams.cursors
             where consumer = 'identity' and stream = 'events'`,
    }),
  ]);
  return { ...standing, eventsPosition: cursor?.position ?? -1 };
}

/** An earlier version of this program counts, and marks nothing. */
export function versionOf(revision: number, mark: string): string {
  return `${revision} ${mark}`;
}

/** Which policy is in force in the graph. */
export async function readStanding(session: Session): Promise<PolicyStanding> {
  const [row] = await session.query<WriterRow>(
    "select policy_version, policy_activation from identity.writer",
  );
  return standingOf(row!);
}

function standingOf({ policy_version, policy_activation }: WriterRow): PolicyStanding {
  return { version: policy_version, activation: policy_activation };
}
