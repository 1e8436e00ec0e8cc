import type { AudienceRule } from "../../subgraphs/audiences/domain/audience-rule.ts";
import { identityChange } from "./announced.ts";
import { type AudienceWorld, minuteMs } from "./audience-world.ts";
import { randomness } from "./randomness.ts";

interface Step {
  /** Minutes since the story began. */
  minute: number;
  who: number;
  act: "visit" | "order" | "trait" | "merge" | "nothing";
  /** How many minutes before its acceptance the event happened. */
  age: number;
  isGold: boolean;
}

interface Told {
  audience: string;
  kind: string;
  person: string;
  minute: number;
}

type Entry = { key: string; kind: string; payload: unknown };

const persons = 4;

/** The same story told to two sets of people: once as it happens, once late and in portions. */
export class LateStory {
  /** Windows end between two minutes, never in the very instant of an event. */
  static readonly rules: Record<string, AudienceRule> = {
    recent: { event: { name: "visited", within: "PT10M30S" } },
    lapsed: {
      all: [
        { event: { name: "visited" } },
        { not: { event: { name: "visited", within: "PT7M30S" } } },
      ],
    },
    keen: { event: { name: "visited", count: { atLeast: 2 }, within: "PT12M30S" } },
    gold: {
      all: [
        { trait: { name: "tier", is: { equals: "gold" } } },
        { event: { name: "ordered", within: "PT15M30S" } },
      ],
    },
  };

  private readonly world: AudienceWorld;
  private readonly seed: number;
  private readonly steps: Step[] = [];
  private set = "";
  private beganMs = 0;

  constructor(world: AudienceWorld, seed: number) {
    this.world = world;
    this.seed = seed;
    const chance = randomness(seed);
    const acts = ["visit", "visit", "visit", "order", "trait", "nothing", "merge"] as const;
    for (let minute = 1; this.steps.length < 25; minute += 1 + chance.below(5)) {
      const act = chance.pick(acts);
      const [who, age] = [chance.below(persons), chance.pick([0, 0, 0, 3, 8])];
      this.steps.push({ minute, who, act, age, isGold: chance.below(2) === 0 });
    }
  }

  async takenAtOnce(): Promise<Told[]> {
    await this.begin("prompt");
    for (const step of this.steps) {
      await this.world.advanceTo(this.beganMs + step.minute * minuteMs);
      await this.world.append(await this.entriesOf(step));
      await this.world.settle();
    }
    return this.end();
  }

  async takenLate(): Promise<Told[]> {
    await this.begin("late");
    const chance = randomness(this.seed + 1_000);
    let waiting: Entry[] = [];
    for (const step of this.steps) {
      this.world.clock.set(new Date(this.beganMs + step.minute * minuteMs));
      waiting.push(...(await this.entriesOf(step)));
      if (chance.below(6) > 0) continue;
      this.world.clock.advanceMs(chance.pick([0, 2, 30]) * 1_000);
      await this.world.append(waiting);
      waiting = [];
      if (chance.below(2) === 0) await this.world.settle();
    }
    this.world.clock.advanceMs(minuteMs / 2);
    await this.world.append(waiting);
    await this.world.settle();
    return this.end();
  }

  private personOf(who: number): string {
    return `person_${this.set}_${who}`;
  }

  private async begin(set: string): Promise<void> {
    this.merged.clear();
    this.set = `${set}_${this.seed}`;
    this.beganMs = this.world.clock.now().getTime();
    for (let who = 0; who < persons; who += 1) {
      await this.world.create(this.personOf(who), `user_id:${this.set}_${who}`);
    }
    await this.world.settle();
  }

  private readonly merged = new Map<number, number>();

  private ownerOf(who: number): number {
    const into = this.merged.get(who);
    return into === undefined ? who : this.ownerOf(into);
  }

  /** Accepts what happens now; gives what identity will say of it. */
  private async entriesOf({ who, act, age, isGold }: Step): Promise<Entry[]> {
    if (act === "nothing") return [];
    const owner = this.ownerOf(who);
    const at = new Date(this.world.clock.now().getTime() - age * minuteMs);
    const name = act === "order" ? "ordered" : act === "visit" ? "visited" : act;
    const resolved = await this.world.accept({
      key: `user_id:${this.set}_${who}`,
      person: this.personOf(owner),
      ...{ name, at },
    });
    const cause = {
      messageId: `message_${this.world.lastSerial}`,
      ...{ eventName: name, rule: null, decision: null },
    };
    if (act === "trait") return [this.traitEntry(owner, isGold, cause), resolved];
    if (act !== "merge") return [resolved];
    const other = this.ownerOf((who + 1) % persons);
    if (other === owner) return [resolved];
    const change = this.mergeEntry(owner, other, cause);
    this.merged.set(other, owner);
    return [change, resolved];
  }

  private traitEntry(owner: number, isGold: boolean, cause: object): Entry {
    const personId = this.personOf(owner);
    const payload = {
      personId,
      occurredAt: this.world.clock.now().toISOString(),
      kinds: ["TRAITS"],
      traits: { tier: isGold ? "gold" : null },
      cause: { ...cause, identityChangeId: null },
    };
    return { key: personId, kind: "PROFILE", payload };
  }

  private mergeEntry(owner: number, other: number, cause: object): Entry {
    const [survivor, gone] = [this.personOf(owner), this.personOf(other)];
    const its = Array.from({ length: persons }, (_, who) => who).filter(
      (who) => this.ownerOf(who) === other,
    );
    const payload = identityChange({
      id: `change_${this.set}_${this.world.lastSerial}`,
      kind: "MERGE",
      at: this.world.clock.now(),
      personIds: [survivor, gone],
      moves: its.map((who) => [`user_id:${this.set}_${who}`, gone, survivor]),
      redirects: [{ from: gone, to: survivor }],
    });
    return { key: survivor, kind: "CHANGE", payload: { ...payload, cause } };
  }

  /** Lets every window run out; gives what was told of these people, by audience. */
  private async end(): Promise<Told[]> {
    await this.world.advanceTo(this.beganMs + 200 * minuteMs);
    const told: Told[] = [];
    for (const audience of Object.keys(LateStory.rules)) {
      await this.world.members(audience);
      for (const { kind, personId, occurredAt } of await this.world.feed(audience)) {
        if (!personId.startsWith(`person_${this.set}_`)) continue;
        const minute = (Date.parse(occurredAt) - this.beganMs) / minuteMs;
        told.push({ audience, kind, person: personId.split("_").at(-1)!, minute });
      }
    }
    return told.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  }
}

/** By audience and person; what was told of one stays in its order. */
const keyOf = ({ audience, person }: Told) => `${audience}/${person}`;
