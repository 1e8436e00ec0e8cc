import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";
import type { IdentityReader } from "../../subgraphs/identity/store/identity-reader.ts";
import { event } from "./identity-world.ts";

const page = { limit: 500, after: null };

/** Numbers below `below` that look random and are the same every time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** People who share devices, aliases, addresses that too many use, accounts, conflicting ids. */
export function story(eventsCount: number): AcceptedEvent[] {
  const roll = dice(7);
  return Array.from({ length: eventsCount }, (_, place) => {
    const person = roll(60);
    const ids: Record<string, string> = { anonymous_id: `device-${roll(80)}` };
    if (roll(3) > 0) ids.user_id = `user-${person}`;
    if (roll(4) === 0) ids.email = `mail-${roll(20) === 0 ? "shared" : person}@example.org`;
    if (roll(9) === 0) ids.crm_contact_id = `crm-${person + roll(2)}`;
    if (roll(12) === 0) ids.phone = `+4930123400${10 + roll(15)}`;
    const at = new Date(Date.UTC(2026, 0, 1, 0, roll(40_000))).toISOString();
    const source = ["web", "crm", "app"][roll(3)]!;
    const traits = { name: `Name ${roll(5)}`, [`trait${roll(9)}`]: roll(100) };
    const base = { at, source, messageId: `m-${place}`, ids };
    const kind = roll(10);
    if (kind === 0) return event({ ...base, type: "ALIAS", previousId: `user-${roll(60)}` });
    const group = { groupId: `g-${roll(6)}`, traits: { role: `r${roll(3)}` } };
    if (kind === 1) return event({ ...base, type: "GROUP", ...group });
    if (kind < 5) return event({ ...base, type: "IDENTIFY", traits });
    return event({ ...base, type: "TRACK", name: "Viewed" });
  });
}

/**
 * What can be asked, with persons named by their identifiers instead of by their ids. Which of two
 * equally old persons survives goes by id, and ids are random: so the history of merges is not
 * compared.
 */
export async function portrait(reader: IdentityReader) {
  const listing = { identifierKeys: null, namespace: null, createdFrom: null, createdBefore: null };
  const persons = await reader.listPersons(listing, { limit: 1_000, after: null });
  const ids = persons.map(({ id }) => id);
  const kinds = ["PERSON", "DEVICE", "SESSION"] as const;
  const identifiers = await reader.identifiers(ids, kinds, page);
  const names = new Map(
    ids.map((id) => [
      id,
      identifiers
        .get(id)!
        .identifiers.map(({ key }) => key)
        .sort()
        .join(" "),
    ]),
  );
  const named = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value, (name, each) => {
        if (name === "originId" || name === "id" || name === "accountId") return undefined;
        return typeof each === "string" ? (names.get(each) ?? each) : each;
      }),
    );
  const all = async <T>(
    ask: Promise<Map<string, T>>,
    order: (value: T) => unknown = (value) => value,
  ) => [...(await ask)].map(([id, value]) => [names.get(id), named(order(value))]).sort();
  return {
    persons: persons.map(({ id, ...rest }) => [names.get(id), named(rest)]).sort(),
    identifiers: await all(Promise.resolve(identifiers)),
    evidence: await all(reader.evidenceWithin(ids, 1_000), (edges) =>
      [...edges].map((edge) => JSON.stringify(edge, Object.keys(edge).sort())).sort(),
    ),
    devices: await all(reader.devices(ids, 100)),
    accounts: await all(reader.organisations.statementsOf(ids, 100)),
  };
}
