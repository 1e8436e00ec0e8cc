import { operation } from "../operation.ts";
import type { RunningLayout } from "../running-layout.ts";

export interface Membership {
  cursor: string;
  kind: "ENTERED" | "EXITED";
  personId: string;
}

interface Page<N> {
  nodes: N[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface TimelineEvent {
  messageId: string;
  name: string | null;
}

async function all<N>(read: (after: string | null) => Promise<Page<N>>): Promise<N[]> {
  const nodes: N[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<N> = await read(after);
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}

/** Every person with the whole timeline. */
export async function timelines(layout: RunningLayout): Promise<Map<string, TimelineEvent[]>> {
  const persons = await all((after) =>
    layout
      .ask<{ persons: Page<{ id: string }> }>(operation("FindPersons"), { first: 100, after })
      .then((answer) => answer.persons),
  );
  const found = new Map<string, TimelineEvent[]>();
  for (const { id } of persons) found.set(id, await timelineOf(layout, id));
  return found;
}

function timelineOf(layout: RunningLayout, id: string): Promise<TimelineEvent[]> {
  return all(async (after) => {
    const { person } = await layout.ask<{ person: { timeline: Page<TimelineEvent> } }>(
      operation("Timeline"),
      { by: { id }, first: 200, after },
    );
    return person.timeline;
  });
}

/** Who bought and never returned: what the audience's rule says, worked out from the timelines. */
export function buyersOf(persons: Map<string, TimelineEvent[]>): string[] {
  const did = (events: TimelineEvent[], name: string) => events.some((each) => each.name === name);
  return [...persons]
    .filter(([, events]) => did(events, "bought") && !did(events, "returned"))
    .map(([id]) => id)
    .sort();
}

/** Who is in after a feed, read from its beginning. */
export function fold(feed: readonly Membership[]): string[] {
  const members = new Set<string>();
  for (const { kind, personId } of feed) {
    if (kind === "ENTERED") members.add(personId);
    else members.delete(personId);
  }
  return [...members].sort();
}

/** The audience as its list says, page by page, and its count. */
export async function audience(layout: RunningLayout, name: string) {
  let memberCount = -1;
  const nodes = await all(async (after) => {
    const answer = await layout.ask<{
      audience: { memberCount: number; members: Page<{ person: { id: string } }> };
    }>(operation("Audience"), { name, first: 7, after });
    ({ memberCount } = answer.audience);
    return answer.audience.members;
  });
  return { memberCount, members: nodes.map(({ person }) => person.id).sort() };
}
