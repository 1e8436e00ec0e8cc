import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import type { Assignment, Exposure } from "../domain/assignment.ts";
import type { VariationCount } from "./experiment-store.ts";

interface AssignmentRow extends Row {
  subject_key: string;
  person_id: string | null;
  experiment: string;
  variation: string;
  at: Date;
}

export async function assignmentsOf(
  session: Session,
  subjectKeys: readonly string[],
): Promise<Assignment[]> {
  if (subjectKeys.length === 0) return [];
  const text = `
    select a.* from unnest($1::text[]) as k(key) cross join lateral (
      select subject_key, person_id, experiment, variation, assigned_at as at
      from experiments.assignments where subject_key = k.key offset 0) as a`;
  const statement = { name: "experiments-assignments-of", text };
  const rows = await session.query<AssignmentRow>(statement, [subjectKeys]);
  return rows.map(({ subject_key, person_id, experiment, variation, at }) => ({
    subjectKey: subject_key,
    personId: person_id,
    experiment,
    variation,
    assignedAt: at.getTime(),
  }));
}

export async function exposuresOf(
  session: Session,
  subjectKeys: readonly string[],
): Promise<Exposure[]> {
  if (subjectKeys.length === 0) return [];
  const text = `
    select e.* from unnest($1::text[]) as k(key) cross join lateral (
      select subject_key, experiment, variation, first_at as at
      from experiments.exposures where subject_key = k.key offset 0) as e`;
  const statement = { name: "experiments-exposures-of", text };
  const rows = await session.query<AssignmentRow>(statement, [subjectKeys]);
  return rows.map(({ subject_key, experiment, variation, at }) => ({
    subjectKey: subject_key,
    experiment,
    variation,
    firstAt: at.getTime(),
  }));
}

export function addAssignments(transaction: Transaction, assignments: readonly Assignment[]): void {
  if (assignments.length === 0) return;
  const text = `
    insert into experiments.assignments (subject_key, experiment, variation, assigned_at, person_id)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
    on conflict do nothing`;
  transaction.write({ name: "experiments-add-assignments", text }, [
    assignments.map((one) => one.subjectKey),
    assignments.map((one) => one.experiment),
    assignments.map((one) => one.variation),
    assignments.map((one) => new Date(one.assignedAt)),
    assignments.map((one) => one.personId),
  ]);
}

export function addExposures(transaction: Transaction, exposures: readonly Exposure[]): void {
  const first = new Map<string, Exposure>();
  for (const one of exposures) {
    const key = JSON.stringify([one.subjectKey, one.experiment, one.variation]);
    const known = first.get(key);
    if (!known || one.firstAt < known.firstAt) first.set(key, one);
  }
  if (first.size === 0) return;
  const rows = [...first.values()];
  const text = `
    insert into experiments.exposures as e (subject_key, experiment, variation, first_at)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
    on conflict (subject_key, experiment, variation) do update
      set first_at = excluded.first_at where excluded.first_at < e.first_at`;
  transaction.write({ name: "experiments-add-exposures", text }, [
    rows.map((one) => one.subjectKey),
    rows.map((one) => one.experiment),
    rows.map((one) => one.variation),
    rows.map((one) => new Date(one.firstAt)),
  ]);
}

export async function variationCounts(
  session: Session,
  experiment: string,
): Promise<VariationCount[]> {
  const text = `
    select given.variation, count(*)::int as assigned, count(seen.person_id)::int as exposed
    from (
      select distinct on (i.person_id) i.person_id, a.variation
      from experiments.assignments a
      join experiments.person_identifiers i on i.identifier_key = a.subject_key
      where a.experiment = $1
      order by i.person_id, (a.person_id is distinct from i.person_id), a.assigned_at, a.subject_key
    ) as given
    left join (
      select distinct i.person_id from experiments.exposures e
      join experiments.person_identifiers i on i.identifier_key = e.subject_key
      where e.experiment = $1
    ) as seen using (person_id)
    group by given.variation`;
  return session.query<VariationCount & Row>(text, [experiment]);
}

export async function eraseSubjects(
  transaction: Transaction,
  subjectKeys: readonly string[],
): Promise<void> {
  if (subjectKeys.length === 0) return;
  for (const table of ["assignments", "exposures"]) {
    const text = `delete from experiments.${table} where subject_key = any($1::text[])`;
    await transaction.query(text, [subjectKeys]);
  }
}
