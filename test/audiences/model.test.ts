import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { AudienceRule } from "../../subgraphs/audiences/domain/audience-rule.ts";
import { AudienceWorld } from "./audience-world.ts";
import { randomness } from "./randomness.ts";

const secondMs = 1_000;

interface ModelEvent {
  key: string;
  name: string;
  atMs: number;
  n: number;
}

/** Who owns what, kept in plain maps; membership straight from the words of the rule. */
class Model {
  readonly owner = new Map<string, string>();
  readonly traits = new Map<string, Record<string, unknown>>();
  readonly events: ModelEvent[] = [];

  keysOf(person: string): string[] {
    return [...this.owner].filter(([, its]) => its === person).map(([key]) => key);
  }

  persons(): string[] {
    return [...new Set(this.owner.values())].sort();
  }

  isMember(rule: AudienceRule, person: string, nowMs: number): boolean {
    if ("all" in rule) return rule.all.every((part) => this.isMember(part, person, nowMs));
    if ("any" in rule) return rule.any.some((part) => this.isMember(part, person, nowMs));
    if ("not" in rule) return !this.isMember(rule.not, person, nowMs);
    if ("trait" in rule) return this.traits.get(person)?.tier === "gold";
    const { name, within, count = { atLeast: 1 }, where } = rule.event;
    const windowMs = within ? Number(within.slice(2, -1)) * secondMs : Number.POSITIVE_INFINITY;
    const counted = this.events.filter(
      (it) =>
        this.owner.get(it.key) === person &&
        it.name === name &&
        it.atMs <= nowMs &&
        nowMs < it.atMs + windowMs &&
        (!where || it.n >= 3),
    ).length;
    const least = count.exactly ?? count.atLeast ?? 0;
    return (
      counted >= least && counted <= (count.exactly ?? count.atMost ?? Number.POSITIVE_INFINITY)
    );
  }
}

const rules: Record<string, AudienceRule> = {
  recent: { event: { name: "a", within: "PT40S" } },
  dormant: { not: { event: { name: "a", within: "PT30S" } } },
  "few-b": { event: { name: "b", count: { atMost: 1 }, within: "PT25S" } },
  "twice-b": {
    all: [{ event: { name: "b", count: { exactly: 2 } } }, { not: { event: { name: "a" } } }],
  },
  big: { event: { name: "b", within: "PT50S", where: [{ property: "n", is: { atLeast: 3 } }] } },
  gold: {
    any: [
      {
        all: [
          { trait: { name: "tier", is: { equals: "gold" } } },
          { event: { name: "a", count: { atLeast: 2 } } },
        ],
      },
      { event: { name: "b", count: { atLeast: 3 }, within: "PT60S" } },
    ],
  },
};

class Story {
  readonly model = new Model();
  private serial = 0;
  private readonly world: AudienceWorld;
  private readonly chance: ReturnType<typeof randomness>;
  /** Merged-away id by survivor, with the keys it had. */
  private readonly merged: { survivor: string; other: string; keys: string[] }[] = [];

  constructor(world: AudienceWorld, seed: number) {
    this.world = world;
    this.chance = randomness(seed);
  }

  private get nowMs() {
    return this.world.clock.now().getTime();
  }

  async step(): Promise<void> {
    const persons = this.model.persons();
    const act = persons.length < 3 ? 0 : this.chance.below(14);
    if (act <= 1) await this.create();
    else if (act <= 7) await this.happen();
    else if (act === 8) await this.merge(persons);
    else if (act === 9) await this.split();
    else if (act === 10) await this.trait(this.chance.pick(persons));
    else if (act === 11) await this.link(this.chance.pick(persons));
    else await this.world.advanceTo(this.nowMs + (1 + this.chance.below(20)) * secondMs);
  }

  private async create() {
    this.serial += 1;
    const person = `person_${String(this.serial).padStart(4, "0")}`;
    const keys = [`user_id:${this.serial}`, `email:${this.serial}`].slice(
      0,
      1 + this.chance.below(2),
    );
    for (const key of keys) this.model.owner.set(key, person);
    this.model.traits.set(person, {});
    await this.world.create(person, ...keys);
  }

  private async link(person: string) {
    this.serial += 1;
    const key = `device_id:${this.serial}`;
    this.model.owner.set(key, person);
    await this.world.change("LINK", [person], [[key, null, person]]);
  }

  private async happen() {
    const happenings = Array.from({ length: 1 + this.chance.below(3) }, () => {
      const [key, person] = this.chance.pick([...this.model.owner]);
      const atMs = this.nowMs + (this.chance.below(40) - 30) * secondMs;
      const event = { key, name: this.chance.pick(["a", "b", "c"]), atMs, n: this.chance.below(6) };
      this.model.events.push(event);
      return { key, person, name: event.name, at: new Date(atMs), properties: { n: event.n } };
    });
    await this.world.happen(...happenings);
  }

  private async merge(persons: string[]) {
    const [survivor, other] = [this.chance.pick(persons), this.chance.pick(persons)];
    if (survivor === other) return;
    const keys = this.model.keysOf(other);
    for (const key of keys) this.model.owner.set(key, survivor);
    this.model.traits.delete(other);
    this.merged.push({ survivor, other, keys });
    await this.world.merge(survivor, other, ...keys);
  }

  private async split() {
    const last = this.merged.pop();
    if (!last || last.keys.some((key) => this.model.owner.get(key) !== last.survivor)) return;
    for (const key of last.keys) this.model.owner.set(key, last.other);
    this.model.traits.set(last.other, {});
    await this.world.split(last.survivor, last.other, ...last.keys);
  }

  private async trait(person: string) {
    const tier = this.chance.pick(["gold", null]);
    this.model.traits.set(person, tier ? { tier } : {});
    await this.world.traits(person, { tier });
  }

  expected(rule: AudienceRule): string[] {
    return this.model.persons().filter((person) => this.model.isMember(rule, person, this.nowMs));
  }
}

/** Cuts off every ninth transaction that announces something just before its commit. */
function failNowAndThen(world: AudienceWorld): void {
  const { streams } = world.platform;
  const append = streams.append.bind(streams);
  let calls = 0;
  streams.append = async (transaction, name, entries) => {
    await append(transaction, name, entries);
    if (name !== "memberships") return;
    calls += 1;
    if (calls % 9 === 0) throw new Error("cut off before the commit");
  };
}

describe("audiences against a model", () => {
  let world: AudienceWorld;
  beforeAll(async () => {
    world = await AudienceWorld.start();
    const names = Object.keys(rules);
    // Half of them from the beginning; the others count what is there when they come.
    for (const name of names.slice(0, 3)) await world.audience(name, rules[name]);
    failNowAndThen(world);
  }, 120_000);
  afterAll(() => world?.stop());

  test("given a story of creations, events, merges, splits, traits and time, when looked at, then members, count and feed are what the words of the rules say", async () => {
    const story = new Story(world, Number(process.env.TEST_SEED ?? 7));
    const seen = Object.keys(rules).slice(0, 3);
    for (let step = 1; step <= 240; step += 1) {
      await story.step();
      if (step === 80) {
        await world.settle();
        for (const name of Object.keys(rules).slice(3)) {
          await world.audience(name, rules[name]);
          seen.push(name);
        }
      }
      if (step % 6 !== 0) continue;
      await world.settle();
      await world.advanceTo(world.clock.now());
      for (const name of seen) {
        const members = await world.members(name);
        expect({ step, name, members }).toEqual({
          step,
          name,
          members: story.expected(rules[name]!),
        });
      }
    }
    const changes = await Promise.all(seen.map((name) => world.feed(name)));
    expect(changes.flat().length).toBeGreaterThan(60);
  }, 120_000);
});
