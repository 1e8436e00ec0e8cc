import { type ConsentChange, noConsentCause } from "../../kernel/announcements/consent-change.ts";
import type {
  IdentityChange,
  ProfileChange,
} from "../../kernel/announcements/identity-announcements.ts";
import type { MembershipChange } from "../../kernel/announcements/membership-change.ts";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { SubgraphClient } from "../../kernel/federation/subgraph-client.ts";
import { activationModule } from "../../subgraphs/activation/module.ts";
import { FakeClock, startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

const noCause = { messageId: null, eventName: null, rule: null, decision: null };

/** The other subgraphs, as far as activation asks them. */
export class FakeSubgraphs implements SubgraphClient {
  readonly persons = new Map<string, { identifiers: string[]; traits: Record<string, unknown> }>();
  readonly denied = new Set<string>();
  readonly deferred = new Set<string>();
  /** Values of suppressed addresses. */
  readonly suppressed = new Set<string>();
  readonly down = new Set<string>();
  readonly asked: string[] = [];
  /** What happens between a decision of consent and the arrival of its answer, once. */
  meanwhile: (() => Promise<void>) | null = null;

  async ask<T>(subgraph: string, document: string, variables: Record<string, unknown>): Promise<T> {
    this.asked.push(subgraph);
    if (this.down.has(subgraph)) {
      throw new DomainError("UNAVAILABLE", "down", { retryable: true });
    }
    if (document.includes("ChangeKinds")) return this.kinds(variables) as T;
    if (subgraph === "identity") return this.identity(variables) as T;
    if (document.includes("SyncPurpose")) return this.purpose(variables) as T;
    if (subgraph === "consent") return (await this.slowly(this.consent(variables))) as T;
    const { name } = variables as { name: string };
    return { audience: name.startsWith("no-") ? null : { name } } as T;
  }

  private async slowly(answer: unknown): Promise<unknown> {
    const { meanwhile } = this;
    this.meanwhile = null;
    await meanwhile?.();
    return answer;
  }

  private purpose(variables: Record<string, unknown>): unknown {
    const [{ name }] = variables["of"] as [{ name: string }];
    const known = name === "marketing" ? { name, channels: ["EMAIL", "PUSH"] } : null;
    return { _entities: [known] };
  }

  private kinds(variables: Record<string, unknown>): unknown {
    const asked = variables["of"] as { id: string }[];
    return { _entities: asked.map(({ id }) => ({ id, kind: id.split("-")[0]!.toUpperCase() })) };
  }

  private identity(variables: Record<string, unknown>): unknown {
    const { ids, namespaces, traits } = variables as Record<string, string[]>;
    return {
      sendablePersons: ids!.map((id) => {
        const known = this.persons.get(id) ?? {
          identifiers: [`email:${id}@example.com`, `user_id:${id}`],
          traits: { first_name: `Name of ${id}`, country: "DE" },
        };
        const identifiers = known.identifiers.map((key) => ({
          namespace: key.slice(0, key.indexOf(":")),
          value: key.slice(key.indexOf(":") + 1),
        }));
        return {
          id,
          identifiers: identifiers.filter(({ namespace }) => namespaces!.includes(namespace)),
          traits: Object.fromEntries(
            Object.entries(known.traits).filter(([name]) => traits!.includes(name)),
          ),
        };
      }),
    };
  }

  private consent(variables: Record<string, unknown>): unknown {
    const requests = variables["requests"] as Asked[];
    return {
      consentDecisionsFor: requests.map(({ personId, operation, addresses }) => {
        if (operation === "REMOVE") return verdict("ALLOW", "RESTRICTIVE_OPERATION");
        if (this.deferred.has(personId)) return verdict("DEFER", "QUIET_HOURS");
        if (this.denied.has(personId)) return verdict("DENY", "NO_CONSENT");
        const leaveOut = addresses.filter(({ value }) => this.suppressed.has(value));
        if (leaveOut.length > 0 && leaveOut.length === addresses.length) {
          return verdict("DENY", "SUPPRESSED_MANUAL");
        }
        return { ...verdict("ALLOW", "CONSENT_GRANTED"), leaveOut };
      }),
    };
  }
}

interface Asked {
  personId: string;
  operation: string;
  addresses: { namespace: string; value: string }[];
}

function verdict(outcome: string, code: string) {
  return { outcome, reasons: [{ code, message: null }], leaveOut: [] };
}

/** Activation on a real engine, real HTTP, with the other subgraphs played. */
export class ActivationWorld {
  readonly fakes = new FakeSubgraphs();
  readonly clock = new FakeClock("2026-03-01T12:00:00.000Z");
  platform!: TestPlatform;
  private readonly receivers: WebhookReceiver[] = [];
  private scenes = 0;

  static async start(environment: Record<string, string> = {}): Promise<ActivationWorld> {
    const world = new ActivationWorld();
    world.platform = await startTestPlatform([activationModule], {
      clock: world.clock,
      elsewhere: world.fakes,
      environment,
    });
    return world;
  }

  async stop(): Promise<void> {
    for (const receiver of this.receivers) await receiver.stop();
    await this.platform.stop();
  }

  async receiver(): Promise<WebhookReceiver> {
    const receiver = await WebhookReceiver.start();
    this.receivers.push(receiver);
    return receiver;
  }

  async ask<T>(document: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, errors } = await this.platform.ask<T>("activation", document, variables);
    if (errors?.length) throw errors[0];
    return data!;
  }

  async destination(
    name: string,
    receiver: WebhookReceiver,
    settings: Record<string, unknown> = {},
  ): Promise<void> {
    const { createDestination: made } = await this.ask<{
      createDestination: { signingSecret: string; problems: unknown[] };
    }>(
      `mutation ($input: CreateDestinationInput!) {
        createDestination(input: $input) { destination { name kind state } signingSecret problems { code message path } } }`,
      { input: { name, kind: "webhook", settings: { url: receiver.url, ...settings } } },
    );
    if (made.problems.length > 0) throw new Error(JSON.stringify(made.problems));
    receiver.secret = made.signingSecret;
  }

  /** A receiver, a destination and a sync of an audience of their own. */
  async scene(
    options: { settings?: Record<string, unknown>; sync?: Record<string, unknown> | null } = {},
  ): Promise<Scene> {
    this.scenes += 1;
    const name = `scene-${this.scenes}`;
    const hook = await this.receiver();
    await this.destination(name, hook, options.settings);
    const scene = new Scene(this, name, hook);
    if (options.sync !== null) {
      const problems = await scene.sync(options.sync);
      if (problems.length > 0) throw new Error(JSON.stringify(problems));
    }
    return scene;
  }

  async memberships(changes: (Partial<MembershipChange> & { audience: string })[]): Promise<void> {
    const payloads = changes.map((change) => ({
      version: 1,
      kind: "ENTERED",
      personId: "p",
      occurredAt: this.clock.now().toISOString(),
      cause: { ...noCause, identityChangeId: null },
      ...change,
    }));
    await this.append("memberships", "MEMBERSHIP", payloads, (one) => one.personId);
  }

  consent(...personIds: (string | null)[]): Promise<void> {
    return this.consentBy({}, ...personIds);
  }

  /** Consent changed for this reason. */
  async consentBy(
    cause: Partial<ConsentChange["cause"]>,
    ...personIds: (string | null)[]
  ): Promise<void> {
    const payloads: ConsentChange[] = personIds.map((personId) => ({
      identifier: personId === null ? null : { namespace: "email", value: personId },
      personId,
      purpose: "marketing",
      channel: "EMAIL",
      occurredAt: this.clock.now().toISOString(),
      cause: { ...noConsentCause, ...cause },
    }));
    await this.append("consent", "CONSENT", payloads, () => "key");
  }

  async identity(change: Partial<IdentityChange>): Promise<void> {
    const payload = {
      id: "change_1",
      kind: "MERGE",
      occurredAt: this.clock.now().toISOString(),
      personIds: [],
      moves: [],
      redirects: [],
      actor: null,
      reason: null,
      reverts: null,
      cause: noCause,
      ...change,
    };
    await this.append("identity", "CHANGE", [payload], () => "key");
  }

  async profile(...changes: Partial<ProfileChange>[]): Promise<void> {
    const payloads = changes.map((change) => ({
      personId: "p",
      occurredAt: this.clock.now().toISOString(),
      kinds: ["TRAITS"],
      traits: {},
      cause: { ...noCause, identityChangeId: null },
      ...change,
    }));
    await this.append("identity", "PROFILE", payloads, (one) => one.personId);
  }

  /** Waits until something is so; what the workers do has no other signal. */
  async until(claim: () => boolean | Promise<boolean>, what = "it"): Promise<void> {
    for (let tries = 0; tries < 800; tries += 1) {
      if (await claim()) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`${what} did not come about`);
  }

  /** Waits until consumers have read everything, and every wish to ask consent anew is dealt with. */
  async asked(): Promise<void> {
    await this.platform.settle();
    await this.until(async () => {
      const [row] = await this.platform.database.query<{ open: number }>(
        "select count(*) as open from activation.checks",
      );
      return Number(row!.open) === 0;
    }, "asking anew");
  }

  /** Waits until consumers have read everything, and nothing is due, claimed or to be checked. */
  async calm(): Promise<void> {
    await this.platform.settle();
    const isCalm = async () => {
      const [row] = await this.platform.database.query<{ busy: number }>(
        `select (select count(*) from activation.deliveries d
             join activation.destinations n on n.name = d.destination
             where d.due_at <= $1 and n.state = 'ACTIVE')
           + (select count(*) from activation.checks where due_at <= $1)
           + (select count(*) from activation.syncs where sweep_after is not null) as busy`,
        [this.clock.now()],
      );
      return Number(row!.busy) === 0;
    };
    await this.until(isCalm, "calm");
  }

  /** Lets time pass until the retries that are now due have been made. */
  async later(ms: number): Promise<void> {
    this.clock.advanceMs(ms);
    await this.calm();
  }

  async ledger(filter: Record<string, unknown> = {}): Promise<LedgerLine[]> {
    const { deliveries } = await this.ask<{ deliveries: { nodes: LedgerLine[] } }>(ledgerDocument, {
      filter,
    });
    return deliveries.nodes.reverse();
  }

  private async append<P>(
    stream: "memberships" | "consent" | "identity",
    kind: string,
    payloads: P[],
    keyOf: (payload: P) => string,
  ): Promise<void> {
    const { database, streams } = this.platform;
    await database.transaction((tx) =>
      streams.append(
        tx,
        stream,
        payloads.map((payload) => ({ key: keyOf(payload), kind, payload })),
      ),
    );
  }
}

/** One destination with its audience; persons are the test's own. */
export class Scene {
  readonly world: ActivationWorld;
  /** Name of the destination, the sync and the audience. */
  readonly name: string;
  readonly hook: WebhookReceiver;

  constructor(world: ActivationWorld, name: string, hook: WebhookReceiver) {
    this.world = world;
    this.name = name;
    this.hook = hook;
  }

  async sync(more: Record<string, unknown> | undefined = {}): Promise<unknown[]> {
    const { createSync } = await this.world.ask<{ createSync: { problems: unknown[] } }>(
      `mutation ($input: CreateSyncInput!) {
        createSync(input: $input) { sync { name state } problems { code message path } } }`,
      {
        input: {
          name: this.name,
          destination: this.name,
          subject: { audience: this.name },
          purpose: "marketing",
          channel: "EMAIL",
          identifiers: ["email"],
          traits: ["first_name"],
          ...more,
        },
      },
    );
    return createSync.problems;
  }

  /** A person of this scene alone. */
  person(name: string): string {
    return `${name}-of-${this.name}`;
  }

  enter(...names: string[]): Promise<void> {
    return this.change("ENTERED", names);
  }

  leave(...names: string[]): Promise<void> {
    return this.change("EXITED", names);
  }

  deny(name: string, cause: Partial<ConsentChange["cause"]> = {}): Promise<void> {
    this.world.fakes.denied.add(this.person(name));
    return this.world.consentBy(cause, this.person(name));
  }

  grant(name: string): Promise<void> {
    this.world.fakes.denied.delete(this.person(name));
    return this.world.consent(this.person(name));
  }

  /** `entered ana`, in order, as accepted. */
  get told(): string[] {
    return this.hook.accepted.map(
      (one) => `${one.type.split(".")[1]} ${one.personId.replace(`-of-${this.name}`, "")}`,
    );
  }

  ledger(filter: Record<string, unknown> = {}): Promise<LedgerLine[]> {
    return this.world.ledger({ destination: this.name, ...filter });
  }

  private change(kind: "ENTERED" | "EXITED", names: string[]): Promise<void> {
    const audience = this.name;
    const changes = names.map((name) => ({ audience, kind, personId: this.person(name) }));
    return this.world.memberships(changes);
  }
}

export interface LedgerLine {
  id: string;
  kind: string;
  status: string;
  attemptCount: number;
  heldBecause: string | null;
  person: { id: string };
  attempts: {
    number: number;
    outcome: string;
    httpStatus: number | null;
    message: string | null;
  }[];
  lineage: {
    event: { messageId: string; name: string | null } | null;
    identityChange: { id: string; kind: string | null } | null;
    audience: { name: string } | null;
    audienceVersion: number | null;
    consentDecision: { outcome: string; reasons: { code: string }[] } | null;
  };
}

const ledgerDocument = `query ($filter: DeliveryFilter) {
  deliveries(first: 500, filter: $filter) { nodes {
    id kind status attemptCount heldBecause person { id }
    attempts { number outcome httpStatus message }
    lineage { event { messageId name } identityChange { id kind } audience { name } audienceVersion
      consentDecision { outcome reasons { code } } } } } }`;
