import type { Redactor } from "../../../kernel/privacy/redactor.ts";
import type { ErasureWork } from "../domain/erasure.ts";
import { changedTraits, recordOf } from "../domain/golden-record.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { PersonState } from "../domain/person-state.ts";
import { type GraphComponent, noChanges } from "../store/graph-rows.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import { announcementsOf } from "./audit-writer.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { ProfileNotes } from "./profile-notes.ts";

const edgesMax = 50_000;

/**
 * Takes what was erased out of what is said about others: an address that stands among the traits of
 * who goes on, a friend who recommended. Such a trait goes as a whole. One stretch of fact sheets;
 * gives where the next begins, null behind the last.
 */
export async function eraseMentions(
  graph: IdentityGraph,
  policy: PolicyInForce,
  redactor: Redactor,
  work: ErasureWork,
): Promise<string | null> {
  const { parts, digits } = redactor;
  const { sheets, next } = await graph.erasing.sheetsMentioning(work.next ?? "", parts, digits);
  const changed = sheets.flatMap((sheet) => withoutMentions(sheet, redactor, work.erasedAt) ?? []);
  if (changed.length === 0) return next;
  const isEmpty = ({ facts }: FactSheet) => Object.keys(facts).length === 0;
  await graph.save({ ...noChanges, sheets: changed.filter((sheet) => !isEmpty(sheet)) });
  await graph.erasing.removeSheets(changed.filter(isEmpty));
  const notes = new ProfileNotes();
  for (const key of new Set(changed.map((sheet) => sheet.key))) {
    const component = await graph.loadComponents([key], edgesMax);
    if (component) await refreshPerson(graph, policy, component, key, notes, work.erasedAt);
  }
  await graph.announce(announcementsOf([], notes));
  return next;
}

/** Null: it mentions nothing that was said before the erasure. */
function withoutMentions(sheet: FactSheet, redactor: Redactor, erasedAt: string): FactSheet | null {
  const entries = Object.entries(sheet.facts);
  const kept = entries.filter(([name, { value, at }]) => {
    if (at > erasedAt) return true;
    const isNamed = typeof value === "string" && redactor.tokenOf({ namespace: name, value });
    return !isNamed && redactor.json(value) === value;
  });
  return kept.length === entries.length ? null : { ...sheet, facts: Object.fromEntries(kept) };
}

async function refreshPerson(
  graph: IdentityGraph,
  policy: PolicyInForce,
  component: GraphComponent,
  key: string,
  notes: ProfileNotes,
  at: string,
): Promise<void> {
  const personId = component.identifiers.find((each) => each.key === key)?.personId;
  const person = component.persons.find(({ id }) => id === personId);
  if (!person) return;
  const own = new Set(
    component.identifiers.filter((each) => each.personId === personId).map((each) => each.key),
  );
  const sheets = component.sheets.filter((sheet) => own.has(sheet.key));
  const record = recordOf(sheets, policy.current().policy);
  const traits = changedTraits(person.record, record);
  const after: PersonState = { ...person, record };
  await graph.save({ ...noChanges, persons: [after] });
  if (traits.length === 0) return;
  const cause = { messageId: null, eventName: null, rule: "erasure", decision: null };
  notes.note(person.id, record, { kinds: ["TRAITS"], traits, at, cause });
}
