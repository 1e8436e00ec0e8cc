import type { AuditEntry } from "../domain/audit-entry.ts";
import type { DecidingGraph } from "../store/deciding-graph.ts";

/** Entries that taking a change back may look at. */
const entriesMax = 10_000;
const pageEntries = 500;

type Listed = { entry: AuditEntry; sortKey: string };

/**
 * What happened to persons since a change, oldest first: to those it was about, and to others that
 * are named. Null when that is too much to look at.
 */
export async function changesSince(
  graph: DecidingGraph,
  change: AuditEntry,
  others: Iterable<string>,
): Promise<AuditEntry[] | null> {
  const [first] = change.personIds;
  const isChange = ({ entry }: Listed) => entry.id === change.id;
  const own = await newerThan(graph, first!, isChange);
  if (!own) return null;
  const place = own.end;
  const found = new Map(own.newer.map((each) => [each.sortKey, each.entry]));
  for (const personId of new Set([...change.personIds, ...others])) {
    if (personId === first) continue;
    const more = await newerThan(graph, personId, (each) => Number(each.sortKey) <= place);
    if (!more) return null;
    for (const { entry, sortKey } of more.newer) found.set(sortKey, entry);
    if (found.size > entriesMax) return null;
  }
  const places = [...found.keys()].sort((a, b) => Number(a) - Number(b));
  return places.map((each) => found.get(each)!);
}

/** A person's entries down to the first that meets the test, and the place of that one. */
async function newerThan(
  graph: DecidingGraph,
  personId: string,
  isEnd: (listed: Listed) => boolean,
): Promise<{ newer: Listed[]; end: number } | null> {
  const newer: Listed[] = [];
  for (let after: string | null = null; newer.length <= entriesMax; ) {
    const limit = pageEntries;
    const page = await graph.listAudit({ personId, kinds: null }, { limit, after });
    const end = page.findIndex(isEnd);
    if (end >= 0)
      return { newer: [...newer, ...page.slice(0, end)], end: Number(page[end]!.sortKey) };
    newer.push(...page);
    if (page.length < limit) return { newer, end: 0 };
    after = page.at(-1)!.sortKey;
  }
  return null;
}
