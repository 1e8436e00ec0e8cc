import type { Session } from "../../../kernel/database/database.ts";
import { invariant } from "../../../kernel/errors/invariant.ts";

/** The document of a version; null for the first one, which stands in the code. */
export async function policyBody(session: Session, version: number): Promise<string | null> {
  const [row] = await session.query<{ body: string | null }>(
    "select body from identity.policies where version = $1",
    [version],
  );
  invariant(row, `version ${version} of the identity policy is in force but not kept`);
  return row.body;
}
