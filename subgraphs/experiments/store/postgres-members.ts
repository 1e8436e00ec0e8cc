import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { Membership } from "./experiment-store.ts";

export function saveMemberships(
  transaction: Transaction,
  memberships: readonly Membership[],
): void {
  const last = new Map<string, Membership>();
  for (const one of memberships) last.set(JSON.stringify([one.audience, one.personId]), one);
  const members = [...last.values()].filter((one) => one.isMember);
  const gone = [...last.values()].filter((one) => !one.isMember);
  if (members.length > 0) {
    const text = `insert into experiments.members (audience, person_id)
      select * from unnest($1::text[], $2::text[]) on conflict do nothing`;
    transaction.write({ name: "experiments-add-members", text }, pairs(members));
  }
  if (gone.length > 0) {
    const text = `delete from experiments.members m
      using unnest($1::text[], $2::text[]) as n(audience, person_id)
      where m.audience = n.audience and m.person_id = n.person_id`;
    transaction.write({ name: "experiments-remove-members", text }, pairs(gone));
  }
}

function pairs(memberships: readonly Membership[]): [string[], string[]] {
  return [memberships.map((one) => one.audience), memberships.map((one) => one.personId)];
}

export async function audiencesOf(
  session: Session,
  personIds: readonly string[],
  audiences: readonly string[],
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  if (personIds.length === 0 || audiences.length === 0) return found;
  const text = `
    select m.* from unnest($1::text[]) as k(id) cross join lateral (
      select person_id, audience from experiments.members
      where person_id = k.id and audience = any($2::text[]) offset 0) as m`;
  const rows = await session.query<{ person_id: string; audience: string }>(
    { name: "experiments-audiences-of", text },
    [personIds, audiences],
  );
  for (const { person_id, audience } of rows) {
    const known = found.get(person_id);
    if (known) known.add(audience);
    else found.set(person_id, new Set([audience]));
  }
  return found;
}

export async function eligiblePage(
  session: Session,
  audience: string | null,
  after: string,
  limit: number,
): Promise<string[]> {
  const text =
    audience === null
      ? `select distinct person_id from experiments.person_identifiers
         where $1::text is null and person_id > $2 order by person_id limit $3`
      : `select person_id from experiments.members
         where audience = $1 and person_id > $2 order by person_id limit $3`;
  const rows = await session.query<{ person_id: string }>(text, [audience, after, limit]);
  return rows.map((row) => row.person_id);
}
