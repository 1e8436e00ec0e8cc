import "reflect-metadata";
import type { AcceptedEvent, RawIdentifier } from "../../kernel/announcements/accepted-event.ts";
import type {
  IdentityChange,
  ProfileChange,
  ResolvedEvents,
} from "../../kernel/announcements/identity-announcements.ts";
import type { Scope } from "../../kernel/security/scopes.ts";
import { identityModule } from "../../subgraphs/identity/module.ts";
import { startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";

let serial = 0;

/** A text nobody else in this process uses: each test makes its own people. */
export function unique(prefix: string): string {
  serial += 1;
  return `${prefix}-${process.pid}-${serial}`;
}

export interface Saying {
  type?: AcceptedEvent["type"];
  name?: string | null;
  at?: string;
  source?: string;
  messageId?: string;
  ids: Readonly<Record<string, string | readonly string[]>>;
  previousId?: string;
  groupId?: string;
  traits?: Record<string, unknown>;
  context?: Record<string, unknown>;
}

/** An accepted event; `ids` are its identifiers by namespace. */
export function event(saying: Saying): AcceptedEvent {
  const identifiers: RawIdentifier[] = Object.entries(saying.ids).flatMap(([namespace, values]) =>
    [values].flat().map((value) => ({ namespace, value: value as string })),
  );
  const first = (namespace: string) =>
    identifiers.find((each) => each.namespace === namespace)?.value ?? null;
  const [userId, anonymousId] = [first("user_id"), first("anonymous_id")];
  if (saying.previousId) {
    identifiers.push({ namespace: "anonymous_id", value: saying.previousId });
    identifiers.push({ namespace: "user_id", value: saying.previousId });
  }
  return {
    messageId: saying.messageId ?? unique("m"),
    source: saying.source ?? "web",
    type: saying.type ?? "IDENTIFY",
    name: saying.name ?? null,
    occurredAt: saying.at ?? "2026-01-01T00:00:00.000Z",
    receivedAt: "2026-06-01T00:00:00.000Z",
    identifiers,
    userId,
    anonymousId,
    previousId: saying.previousId ?? null,
    groupId: saying.groupId ?? null,
    traits: saying.traits ?? {},
    properties: {},
    context: saying.context ?? {},
  };
}

/** The identity subgraph on an engine of its own, with the words its tests need. */
export class IdentityWorld {
  readonly platform: TestPlatform;

  private constructor(platform: TestPlatform) {
    this.platform = platform;
  }

  static async start(environment: Record<string, string> = {}): Promise<IdentityWorld> {
    return new IdentityWorld(await startTestPlatform([identityModule], { environment }));
  }

  /** Accepts events in one transaction and waits until they are resolved. */
  async accept(...sayings: Saying[]): Promise<void> {
    const { database, streams } = this.platform;
    const events = sayings.map(event);
    await database.transaction((tx) =>
      streams.append(
        tx,
        "events",
        events.map((payload) => ({
          key: `${payload.source}/${payload.messageId}`,
          kind: "ACCEPTED",
          payload,
        })),
      ),
    );
    await this.platform.settle();
  }

  /** Asks GraphQL; throws on errors. */
  async ask<T>(document: string, variables: object = {}, scopes?: readonly Scope[]): Promise<T> {
    const { data, errors } = await this.platform.ask<T>(
      "identity",
      document,
      variables as Record<string, unknown>,
      scopes,
    );
    if (errors) throw errors[0];
    return data!;
  }

  async personOf(namespace: string, value: string): Promise<string | null> {
    const { person } = await this.ask<{ person: { id: string } | null }>(
      "query ($by: PersonBy!) { person(by: $by) { id } }",
      { by: { identifier: { namespace, value } } },
    );
    return person?.id ?? null;
  }

  /** Entries of stream `identity` after a position. */
  async announced(after = 0) {
    const { streams, database } = this.platform;
    const entries = await streams.read(database, "identity", after, 1_000);
    const of = <T>(kind: string) =>
      entries.filter((entry) => entry.kind === kind).map((entry) => entry.payload as T);
    return {
      kinds: entries.map(({ kind }) => kind),
      changes: of<IdentityChange>("CHANGE"),
      profiles: of<ProfileChange>("PROFILE"),
      resolved: of<ResolvedEvents>("RESOLVED"),
    };
  }

  head(): Promise<number> {
    return this.platform.streams.head("identity");
  }

  stop(): Promise<void> {
    return this.platform.stop();
  }
}
