import type {
  IdentityChangeKind,
  ProfileChange,
} from "../../kernel/announcements/identity-announcements.ts";
import type { MembershipChange } from "../../kernel/announcements/membership-change.ts";
import { audiencesModule } from "../../subgraphs/audiences/module.ts";
import { acceptedEntry, causeless, type Happening, identityChange } from "./announced.ts";
import { FakeClock, startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";
import { cursorOf } from "../../kernel/streams/cursor.ts";

export const startAt = "2026-03-01T12:00:00.000Z";
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

export interface FeedEntry {
  cursor: string;
  kind: string;
  occurredAt: string;
  personId: string;
  version: number;
  audience: string;
  cause: MembershipChange["cause"];
}

interface Entry {
  key: string;
  kind: string;
  payload: unknown;
}

interface MembersPage {
  memberCount: number;
  members: {
    nodes: { person: { id: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

/** The audiences subgraph alone, with the streams that identity and events would have written. */
export class AudienceWorld {
  readonly platform: TestPlatform;
  readonly clock: FakeClock;
  private serial = 0;
  private kept: Entry[] | null = null;

  private constructor(platform: TestPlatform, clock: FakeClock) {
    this.platform = platform;
    this.clock = clock;
  }

  static async start(): Promise<AudienceWorld> {
    const clock = new FakeClock(startAt);
    return new AudienceWorld(await startTestPlatform([audiencesModule], { clock }), clock);
  }

  /** Number of the change or event made last. */
  get lastSerial(): number {
    return this.serial;
  }

  async append(entries: Entry[]): Promise<void> {
    if (this.kept) this.kept.push(...entries);
    else
      await this.platform.database.transaction((tx) =>
        this.platform.streams.append(tx, "identity", entries),
      );
  }

  /** What `act` appends comes in one commit, in its order, on engines with many sessions too. */
  async inOneCommit(act: () => Promise<unknown>): Promise<void> {
    const kept: Entry[] = [];
    this.kept = kept;
    await act().finally(() => {
      this.kept = null;
    });
    await this.append(kept);
  }

  /** An identity change; `moves` are `[key, from, to]`. */
  async change(
    kind: IdentityChangeKind,
    personIds: string[],
    moves: [string, string | null, string | null][],
    redirects: { from: string; to: string }[] = [],
  ): Promise<string> {
    this.serial += 1;
    const payload = identityChange({
      id: `change_${this.serial}`,
      kind,
      at: this.clock.now(),
      personIds,
      moves,
      redirects,
    });
    await this.append([{ key: personIds[0]!, kind: "CHANGE", payload }]);
    return payload.id;
  }

  create(person: string, ...keys: string[]): Promise<string> {
    return this.change(
      "CREATE",
      [person],
      keys.map((key) => [key, null, person]),
    );
  }

  merge(survivor: string, other: string, ...keys: string[]): Promise<string> {
    return this.change(
      "MERGE",
      [survivor, other],
      keys.map((key) => [key, other, survivor]),
      [{ from: other, to: survivor }],
    );
  }

  split(survivor: string, revived: string, ...keys: string[]): Promise<string> {
    return this.change(
      "SPLIT",
      [survivor, revived],
      keys.map((key) => [key, survivor, revived]),
      [{ from: revived, to: revived }],
    );
  }

  traits(person: string, traits: Record<string, unknown>): Promise<void> {
    const payload: ProfileChange = {
      personId: person,
      occurredAt: this.clock.now().toISOString(),
      kinds: ["TRAITS"],
      traits,
      cause: { ...causeless, messageId: `traits_${person}`, identityChangeId: null },
    };
    return this.append([{ key: person, kind: "PROFILE", payload }]);
  }

  /** Accepts events and resolves them in one run, as the events and identity subgraphs do. */
  async happen(...happenings: Happening[]): Promise<void> {
    await this.append([await this.accept(...happenings)]);
  }

  /** Accepts events; gives the entry by which identity will say whose they are. */
  async accept(...happenings: Happening[]) {
    const { database, streams } = this.platform;
    const before = await streams.head("events");
    const entries = happenings.map((it) => {
      this.serial += 1;
      return acceptedEntry(it, this.serial, this.clock.now());
    });
    await database.transaction((tx) => streams.append(tx, "events", entries));
    const positions: number[] = [];
    for (let after = before; positions.length < entries.length; after = positions.at(-1)!) {
      const page = await streams.read(database, "events", after, 1_000);
      positions.push(...page.map((entry) => entry.position));
    }
    const subjects = happenings.map(({ key, person }, index) => ({
      position: positions[index]!,
      subjectKey: key,
      personId: person,
    }));
    const payload = { from: positions[0]!, to: positions.at(-1)!, subjects };
    return { key: "run", kind: "RESOLVED", payload };
  }

  async ask<T>(document: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, errors } = await this.platform.ask<T>("audiences", document, variables);
    if (errors) throw new Error(errors.map((error) => error.message).join("; "));
    return JSON.parse(JSON.stringify(data)) as T;
  }

  /** Defines an audience and brings its first version into force. */
  async audience(name: string, rule: unknown): Promise<void> {
    const { createAudience } = await this.ask<{ createAudience: { problems: unknown[] } }>(
      `mutation($input: CreateAudienceInput!) { createAudience(input: $input) {
        audience { name } problems { code message path } } }`,
      { input: { name, title: name, owner: "tests", rule } },
    );
    if (createAudience.problems.length > 0) throw new Error(JSON.stringify(createAudience));
    await this.activate(name, 1);
    await this.isActive(name);
  }

  /** Waits until what was activated is in force (a page that was cut off is tried again). */
  async isActive(name: string): Promise<void> {
    for (;;) {
      const { audience } = await this.ask<{ audience: { activeVersion: { state: string } } }>(
        "query($name: String!) { audience(name: $name) { activeVersion { state } } }",
        { name },
      );
      if (audience.activeVersion.state === "ACTIVE") return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  activate(name: string, version: number) {
    return this.ask<{ activateAudience: { audience: unknown; problems: { code: string }[] } }>(
      `mutation($input: ActivateAudienceInput!) { activateAudience(input: $input) {
        audience { name activeVersion { number state activatedAt } versions { number state } }
        problems { code message path } } }`,
      { input: { name, version } },
    );
  }

  settle = (): Promise<void> => this.platform.settle();

  /** Moves the clock and waits until every window that has run out by then has been looked at. */
  async advanceTo(at: string | number | Date): Promise<void> {
    this.clock.set(new Date(at));
    for (;;) {
      const [row] = await this.platform.database.query<{ count: number }>(
        "select count(*)::int as count from audiences.memberships where due_at_ms <= $1",
        [this.clock.now().getTime()],
      );
      if (row!.count === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Members as the list, the count and the fold of the feed give them; fails unless all agree. */
  async members(name: string): Promise<string[]> {
    await this.settle();
    const { listed, memberCount } = await this.list(name);
    const folded = new Set<string>();
    for (const { kind, personId } of await this.feed(name)) {
      const isKnown = folded.has(personId);
      if (isKnown === (kind === "ENTERED")) throw new Error(`${kind} twice for ${personId}`);
      if (kind === "ENTERED") folded.add(personId);
      else folded.delete(personId);
    }
    const fold = [...folded].sort();
    if (fold.join() !== listed.join() || memberCount !== listed.length) {
      const all = `list ${listed.slice(0, 20)}, feed ${fold.slice(0, 20)}`;
      throw new Error(`they disagree: count ${memberCount}, list of ${listed.length}, ${all}`);
    }
    return listed;
  }

  /** Every page of the members, and the count. */
  private async list(name: string): Promise<{ listed: string[]; memberCount: number }> {
    const listed: string[] = [];
    for (let after: string | null = null; ; ) {
      const { audience }: { audience: MembersPage } = await this.ask(
        `query($name: String!, $after: String) { audience(name: $name) { memberCount
          members(first: 500, after: $after) { nodes { person { id } enteredAt }
          pageInfo { hasNextPage endCursor } } } }`,
        { name, after },
      );
      listed.push(...audience.members.nodes.map((node) => node.person.id));
      after = audience.members.pageInfo.endCursor;
      if (!audience.members.pageInfo.hasNextPage) {
        return { listed, memberCount: audience.memberCount };
      }
    }
  }

  /** What the stream says of an audience, from the beginning. */
  async feed(name: string): Promise<FeedEntry[]> {
    const found: FeedEntry[] = [];
    for (let after = 0; ; ) {
      const page = await this.platform.streams.read(
        this.platform.database,
        "memberships",
        after,
        1_000,
      );
      for (const { position, payload } of page) {
        const change = payload as MembershipChange;
        if (change.audience === name)
          found.push({ ...change, cursor: cursorOf("memberships", position) });
      }
      if (page.length < 1_000) return found;
      after = page.at(-1)!.position;
    }
  }

  stop(): Promise<void> {
    return this.platform.stop();
  }
}
