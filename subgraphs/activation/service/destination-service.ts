import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { type Destination, type DestinationState, rotate } from "../domain/destination.ts";
import { hasUnstorableText, nameProblems } from "../domain/sync.ts";
import type { DestinationKind } from "./destinations/destination-kind.ts";
import { newSigningSecret } from "./outbound/webhook-signature.ts";
import type { Workshop } from "./workshop.ts";

export interface DestinationInput {
  name: string;
  kind: string;
  settings: unknown;
}

/** A destination and its secret in clear, for the one time it is shown. */
export interface DestinationWithSecret {
  destination: Destination;
  signingSecret: string;
}

export type Outcome<T> = { result: T; problems: [] } | { result: null; problems: Problem[] };

/** At most so many destinations: each active one holds a lane. */
const destinationsMax = 1_000;

/** Defining, changing, pausing destinations. */
export class DestinationService {
  private readonly workshop: Workshop;
  private readonly refreshLanes: () => Promise<void>;

  constructor(workshop: Workshop, refreshLanes: () => Promise<void>) {
    this.workshop = workshop;
    this.refreshLanes = refreshLanes;
  }

  kinds(): DestinationKind[] {
    return [...this.workshop.kinds.values()];
  }

  /** The settings as they may be shown. */
  visibleSettings(destination: Destination): Record<string, unknown> {
    const kind = this.workshop.kinds.get(destination.kind);
    return kind && destination.state !== "DELETED" ? kind.visible(destination.settings) : {};
  }

  find(name: string): Promise<Destination | null> {
    return this.workshop.destinations.find(this.workshop.database, name);
  }

  /** Deleted ones too. */
  byNames(names: readonly string[]): Promise<Destination[]> {
    return this.workshop.destinations.byNames(this.workshop.database, names);
  }

  page(after: string, limit: number): Promise<Destination[]> {
    return this.workshop.destinations.page(this.workshop.database, after, limit);
  }

  async create(input: DestinationInput): Promise<Outcome<DestinationWithSecret>> {
    const { database, destinations, clock, kinds } = this.workshop;
    const kind = kinds.get(input.kind);
    const problems = [
      ...nameProblems(input.name, ["name"]),
      ...(kind ? settingsProblems(kind, input.settings) : [unknownKind([...kinds.keys()])]),
    ];
    if (problems.length > 0) return refused(problems);
    const now = clock.now();
    const destination: Destination = {
      name: input.name,
      kind: input.kind,
      settings: input.settings as Record<string, unknown>,
      state: "ACTIVE",
      stateReason: null,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    };
    const signingSecret = newSigningSecret();
    const made = await database.transaction(async (tx) => {
      if ((await destinations.count(tx)) >= destinationsMax) return "full";
      const secrets = [{ secret: signingSecret, until: null }];
      return (await destinations.insert(tx, destination, secrets)) ? "made" : "taken";
    });
    if (made === "full") return refused([problem("TOO_MANY", "There are too many destinations.")]);
    if (made === "taken") return refused([nameTaken("destination")]);
    await this.refreshLanes();
    return { result: { destination, signingSecret }, problems: [] };
  }

  /** Replaces the settings; what waits is sent with the new ones. */
  async update(name: string, settings: unknown): Promise<Outcome<Destination>> {
    const { database, destinations, clock, kinds } = this.workshop;
    const known = await this.find(name);
    if (!known) return refused([unknownDestination("name")]);
    const kind = kinds.get(known.kind);
    const problems = kind ? settingsProblems(kind, settings) : [unknownKind([...kinds.keys()])];
    if (problems.length > 0) return refused(problems);
    const now = this.after(known, clock.now());
    await destinations.setSettings(database, name, settings as Record<string, unknown>, now);
    await this.refreshLanes();
    return found(await this.find(name));
  }

  /** A fresh secret; the former one signs beside it for a day. */
  async rotateSecret(name: string): Promise<Outcome<DestinationWithSecret>> {
    const { database, destinations, clock } = this.workshop;
    const signingSecret = newSigningSecret();
    const isKnown = await database.transaction(async (tx) => {
      const secrets = await destinations.secrets(tx, name, true);
      if (!secrets) return false;
      const now = clock.now();
      await destinations.setSecrets(tx, name, rotate(secrets, signingSecret, now.getTime()), now);
      return true;
    });
    if (!isKnown) return refused([unknownDestination("name")]);
    await this.refreshLanes();
    const destination = await this.find(name);
    return { result: { destination: destination!, signingSecret }, problems: [] };
  }

  /** PAUSED keeps what is to be sent; ACTIVE (also after DISABLED) sends it. */
  async setState(name: string, state: DestinationState): Promise<Outcome<Destination>> {
    const { database, destinations, clock } = this.workshop;
    const changed = await destinations.setState(database, name, state, null, clock.now());
    await this.refreshLanes();
    return found(changed);
  }

  /** Never the same instant twice: lanes tell by it that something changed. */
  private after(known: Destination, now: Date): Date {
    return new Date(Math.max(now.getTime(), known.updatedAt.getTime() + 1));
  }
}

function settingsProblems(kind: DestinationKind, settings: unknown): Problem[] {
  const isObject = typeof settings === "object" && settings !== null && !Array.isArray(settings);
  if (!isObject || hasUnstorableText(JSON.stringify(settings))) {
    return [problem("INVALID_SETTINGS", "Settings are a JSON object.", ["settings"])];
  }
  return kind.problems(settings as Record<string, unknown>);
}

function unknownKind(kinds: string[]): Problem {
  return problem("UNKNOWN_KIND", `The kinds are: ${kinds.join(", ")}.`, ["kind"]);
}

export function unknownDestination(field: string): Problem {
  return problem("UNKNOWN_DESTINATION", "There is no such destination.", [field]);
}

export function nameTaken(what: string): Problem {
  return problem("NAME_TAKEN", `There is a ${what} of that name.`, ["name"]);
}

export function refused(problems: Problem[]): { result: null; problems: Problem[] } {
  return { result: null, problems };
}

function found(destination: Destination | null): Outcome<Destination> {
  if (!destination) return refused([unknownDestination("name")]);
  return { result: destination, problems: [] };
}
