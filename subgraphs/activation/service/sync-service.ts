import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { SubgraphClient } from "../../../kernel/federation/subgraph-client.ts";
import { clearSync } from "./clearing.ts";
import { namedFieldsProblems, nameProblems, type Sync, type SyncState } from "../domain/sync.ts";
import { nameTaken, type Outcome, refused, unknownDestination } from "./destination-service.ts";
import type { Workshop } from "./workshop.ts";

export interface SyncInput {
  name: string;
  destination: string;
  /** Null: profile changes. */
  audience: string | null;
  purpose: string;
  channel: string;
  identifiers: string[];
  traits: string[];
}

const audienceDocument = "query SyncAudience($name: String!) { audience(name: $name) { name } }";
const purposeDocument = `query SyncPurpose($of: [_Any!]!) {
  _entities(representations: $of) { ... on Purpose { name channels } }
}`;

/** At most so many syncs: every membership change is held against all of them. */
const syncsMax = 2_000;

/** Defining and pausing syncs. */
export class SyncService {
  private readonly workshop: Workshop;
  private readonly subgraphs: SubgraphClient;
  private readonly wake: { sweeper: () => void; lane: (destination: string) => void };

  constructor(
    workshop: Workshop,
    subgraphs: SubgraphClient,
    wake: { sweeper: () => void; lane: (destination: string) => void },
  ) {
    this.workshop = workshop;
    this.subgraphs = subgraphs;
    this.wake = wake;
  }

  /** Deleted ones too. */
  byNames(names: readonly string[]): Promise<Sync[]> {
    return this.workshop.syncs.byNames(this.workshop.database, names);
  }

  ofDestinations(names: readonly string[]): Promise<Sync[]> {
    return this.workshop.syncs.ofDestinations(this.workshop.database, names);
  }

  /** Syncs that follow one of these audiences, by name. */
  ofAudiences(audiences: readonly string[]): Promise<Sync[]> {
    return this.workshop.syncs.ofAudiences(this.workshop.database, audiences);
  }

  page(after: string, limit: number): Promise<Sync[]> {
    return this.workshop.syncs.page(this.workshop.database, after, limit);
  }

  /** Defines a sync; the present members of its audience are told at once, in the background. */
  async create(input: SyncInput): Promise<Outcome<Sync>> {
    const { database, syncs, clock, destinations } = this.workshop;
    const shape = [
      ...nameProblems(input.name, ["name"]),
      ...namedFieldsProblems(input.identifiers, "identifiers"),
      ...namedFieldsProblems(input.traits, "traits"),
    ];
    if (shape.length > 0) return refused(shape);
    const known = await destinations.find(database, input.destination);
    const purpose = await this.purposeOf(input);
    const problems = [
      ...(known ? [] : [unknownDestination("destination")]),
      ...(await this.audienceProblems(input.audience)),
      ...purpose.problems,
    ];
    if (problems.length > 0) return refused(problems);
    const sync: Sync = {
      ...input,
      purpose: purpose.name,
      identifiers: [...new Set(input.identifiers)],
      traits: [...new Set(input.traits)],
      state: "ACTIVE",
      createdAt: clock.now(),
      deletedAt: null,
      sweepAfter: input.audience === null ? null : "",
    };
    if ((await syncs.all(database)).length >= syncsMax) {
      return refused([problem("TOO_MANY", "There are too many syncs.")]);
    }
    const made = await this.insert(sync);
    if (made) return refused([made]);
    this.wake.sweeper();
    return { result: sync, problems: [] };
  }

  /** The problem, if any. A deleted sync of the name is ended to the last message before. */
  private async insert(sync: Sync): Promise<Problem | null> {
    const { database, syncs, destinations } = this.workshop;
    if ((await clearSync(this.workshop, sync.name)) !== "CLEARED") {
      const message = "A sync of that name was deleted and is still being ended; try again soon.";
      return problem("NAME_TAKEN", message, ["name"]);
    }
    return database.transaction(async (tx) => {
      await syncs.change(tx);
      const known = await destinations.find(tx, sync.destination);
      if (!known) return unknownDestination("destination");
      return (await syncs.insert(tx, sync)) ? null : nameTaken("sync");
    });
  }

  /** PAUSED parks what waits and what comes; ACTIVE makes it due. */
  async setState(name: string, state: SyncState): Promise<Outcome<Sync>> {
    const { database, syncs, lanes, clock } = this.workshop;
    const sync = await database.transaction(
      async (tx) => {
        await syncs.change(tx);
        const changed = await syncs.setState(tx, name, state);
        if (changed) await lanes.park(tx, name, state === "PAUSED", clock.now());
        return changed;
      },
      { isRepeatable: true },
    );
    if (!sync) return refused([unknownSync()]);
    this.wake.lane(sync.destination);
    return { result: sync, problems: [] };
  }

  private async audienceProblems(name: string | null): Promise<Problem[]> {
    if (name === null) return [];
    const { audience } = await this.subgraphs.ask<{ audience: { name: string } | null }>(
      "audiences",
      audienceDocument,
      { name },
    );
    if (audience) return [];
    const path = ["subject", "audience"];
    return [problem("UNKNOWN_AUDIENCE", "There is no such audience.", path)];
  }

  /** The purpose as its owner writes it. */
  private async purposeOf(input: SyncInput): Promise<{ name: string; problems: Problem[] }> {
    const answer = await this.subgraphs.ask<{
      _entities: ({ name: string; channels: string[] } | null)[];
    }>("consent", purposeDocument, { of: [{ __typename: "Purpose", name: input.purpose }] });
    const purpose = answer._entities[0];
    if (!purpose) {
      const path = ["purpose"];
      return {
        name: "",
        problems: [problem("UNKNOWN_PURPOSE", "There is no such purpose.", path)],
      };
    }
    if (purpose.channels.length === 0 || purpose.channels.includes(input.channel)) {
      return { name: purpose.name, problems: [] };
    }
    const message = `The purpose covers: ${purpose.channels.join(", ")}.`;
    const outside = problem("CHANNEL_NOT_IN_PURPOSE", message, ["channel"]);
    return { name: purpose.name, problems: [outside] };
  }
}

export function unknownSync(): Problem {
  return problem("UNKNOWN_SYNC", "There is no such sync.", ["name"]);
}
