import type { Database, Row, Session, Transaction } from "../../../kernel/database/database.ts";
import type { IdentityPolicy } from "../domain/identity-policy.ts";
import { policyOfDocument } from "../domain/policy-document.ts";

export type PolicyState = "PROPOSED" | "APPROVED" | "REJECTED" | "ACTIVE" | "RETIRED";

/** One version of the policy, with who stands for it. Its document never changes. */
export interface PolicyVersion {
  version: number;
  state: PolicyState;
  owner: string;
  approvedBy: string | null;
  /** The version it was made from. */
  base: number | null;
  reason: string | null;
  proposedAt: string;
  approvedAt: string | null;
  activatedAt: string | null;
  retiredAt: string | null;
  policy: IdentityPolicy;
}

const columns =
  "version, state, owner, approved_by, base, body, reason, proposed_at, approved_at, " +
  "activated_at, retired_at";

/** The versions of the policy, in PostgreSQL in both layouts. */
export class Policies {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async find(version: number): Promise<PolicyVersion | null> {
    return (await this.some("where version = $1", [version]))[0] ?? null;
  }

  /** Newest first, those before a version. */
  list(before: number | null, limit: number): Promise<PolicyVersion[]> {
    return this.some("where $1::integer is null or version < $1 order by version desc limit $2", [
      before,
      limit,
    ]);
  }

  async active(): Promise<PolicyVersion> {
    return (await this.some("where state = 'ACTIVE'", []))[0]!;
  }

  /** Keeps a proposal under the next version, which its document is made for. */
  propose(
    proposal: {
      owner: string;
      base: number;
      reason: string | null;
      at: string;
    },
    documentOf: (version: number) => IdentityPolicy,
  ): Promise<PolicyVersion> {
    return this.database.transaction(async (tx) => {
      await lock(tx);
      const [row] = await tx.query<{ next: number }>(
        "select max(version) + 1 as next from identity.policies",
      );
      const policy = documentOf(row!.next);
      const { owner, base, reason, at } = proposal;
      const [made] = await tx.query(
        `insert into identity.policies (version, state, owner, base, body, reason, proposed_at)
         values ($1, 'PROPOSED', $2, $3, $4, $5, $6) returning ${columns}`,
        [row!.next, owner, base, JSON.stringify(policy), reason, at],
      );
      return toVersion(made!);
    });
  }

  /** Null when it is not a proposal any more. */
  async decide(
    version: number,
    state: "APPROVED" | "REJECTED",
    by: string,
    at: string,
  ): Promise<PolicyVersion | null> {
    const [row] = await this.database.query(
      `update identity.policies set state = $2, approved_by = $3, approved_at = $4
       where version = $1 and state = 'PROPOSED' and owner <> $3 returning ${columns}`,
      [version, state, by, at],
    );
    return row ? toVersion(row) : null;
  }

  private async some(where: string, values: unknown[]): Promise<PolicyVersion[]> {
    const rows = await this.database.query(
      `select ${columns} from identity.policies ${where}`,
      values,
    );
    return rows.map(toVersion);
  }
}

/** One change of the versions at a time. */
export async function lock(tx: Transaction): Promise<void> {
  await tx.query("lock table identity.policies in share row exclusive mode");
}

/** Makes an approved or retired version the active one; null when it is neither. */
export async function makeActive(
  session: Session,
  version: number,
  at: string,
): Promise<PolicyVersion | null> {
  const [row] = await session.query(
    `update identity.policies set state = 'ACTIVE', activated_at = $2, retired_at = null
     where version = $1 and state in ('APPROVED', 'RETIRED') returning ${columns}`,
    [version, at],
  );
  if (!row) return null;
  await session.query(
    `update identity.policies set state = 'RETIRED', retired_at = $2
     where state = 'ACTIVE' and version <> $1`,
    [version, at],
  );
  return toVersion(row);
}

function toVersion(row: Row): PolicyVersion {
  const version = row.version as number;
  return {
    version,
    state: row.state as PolicyState,
    owner: row.owner as string,
    approvedBy: row.approved_by as string | null,
    base: row.base as number | null,
    reason: row.reason as string | null,
    proposedAt: row.proposed_at as string,
    approvedAt: row.approved_at as string | null,
    activatedAt: row.activated_at as string | null,
    retiredAt: row.retired_at as string | null,
    policy: policyOfDocument(version, row.body as string | null),
  };
}
