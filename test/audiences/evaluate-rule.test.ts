import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compileRule, type Condition } from "../../subgraphs/audiences/domain/compiled-rule.ts";
import type { AudienceRule } from "../../subgraphs/audiences/domain/audience-rule.ts";
import type { EventFact, EventHistory } from "../../subgraphs/audiences/domain/event-history.ts";
import {
  evaluateRule,
  type PersonFacts,
  withTraits,
} from "../../subgraphs/audiences/domain/evaluate-rule.ts";
import { allKnown, playThrough, type Turn } from "../../subgraphs/audiences/domain/play-through.ts";
import { historyNeeds } from "../../subgraphs/audiences/domain/rule-needs.ts";
import { parseRule } from "../../subgraphs/audiences/domain/parse-rule.ts";

const endMs = 60;
const names = ["a", "b"];

const count = fc.oneof(
  fc.record({ exactly: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ atLeast: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ atMost: fc.integer({ min: 0, max: 3 }) }),
  fc.constant({ atLeast: 1, atMost: 2 }),
);

// Windows of whole seconds; instants of the tests are seconds too.
const event = fc.record(
  {
    name: fc.constantFrom(...names),
    count,
    within: fc.integer({ min: 1, max: 20 }).map((seconds) => `PT${seconds}S`),
    where: fc.constant([{ property: "n", is: { atLeast: 2 } }]),
  },
  { requiredKeys: ["name"] },
);

const rules = fc.letrec<{ rule: AudienceRule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3 },
    fc.record({ event }) as unknown as fc.Arbitrary<AudienceRule>,
    fc.constantFrom<AudienceRule>(
      { trait: { name: "country", is: { equals: "DE" } } },
      { trait: { name: "country", is: { notEquals: "DE" } } },
    ),
    fc.record({ all: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("rule") }),
  ),
})).rule;

interface Occurrence extends EventFact {
  name: string;
}

const occurrences = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      atMs: fc.integer({ min: -20, max: endMs }).map((seconds) => seconds * 1_000),
      properties: fc.record({ n: fc.integer({ min: 0, max: 4 }) }),
    }),
    { maxLength: 12 },
  )
  .map((all) => all.map((each, position) => ({ ...each, position })));
const traits = fc.constantFrom<Record<string, unknown>>({}, { country: "DE" }, { country: "FR" });

function completeFacts(all: readonly Occurrence[], of: Record<string, unknown>): PersonFacts {
  const events = new Map<string, EventHistory>();
  for (const name of names) {
    const facts = all.filter((each) => each.name === name);
    events.set(`T:${name}`, { facts, knownUntilMs: Number.POSITIVE_INFINITY });
  }
  return { traits: of, events };
}

/** Every second at which the answer is another one than in the second before. */
function turnsOf(
  rule: AudienceRule,
  knownAt: (nowMs: number) => readonly Occurrence[],
  of: Record<string, unknown>,
  wasMember: boolean,
  seconds: number,
): Turn[] {
  const turns: Turn[] = [];
  for (let nowMs = 0; nowMs <= seconds * 1_000; nowMs += 1_000) {
    const isMember = bruteForce(rule, knownAt(nowMs), of, nowMs);
    const stood = turns.at(-1)?.isMember ?? wasMember;
    if (isMember !== stood) turns.push({ isMember, atMs: nowMs, isByFact: false });
  }
  return turns;
}

/** The meaning of a rule at one instant, straight from its words; knows nothing of windows that end. */
function bruteForce(
  rule: AudienceRule,
  all: readonly Occurrence[],
  of: Record<string, unknown>,
  nowMs: number,
): boolean {
  if ("all" in rule) return rule.all.every((part) => bruteForce(part, all, of, nowMs));
  if ("any" in rule) return rule.any.some((part) => bruteForce(part, all, of, nowMs));
  if ("not" in rule) return !bruteForce(rule.not, all, of, nowMs);
  if ("trait" in rule) {
    return (of.country === "DE") === "equals" in rule.trait.is;
  }
  const { name, count: often = { atLeast: 1 }, within, where } = rule.event;
  const windowMs = within ? Number(within.slice(2, -1)) * 1_000 : Number.POSITIVE_INFINITY;
  const counted = all.filter(
    ({ name: its, atMs, properties }) =>
      its === name &&
      atMs <= nowMs &&
      nowMs < atMs + windowMs &&
      (!where || (properties as { n: number }).n >= 2),
  ).length;
  if (often.exactly !== undefined) return counted === often.exactly;
  return counted >= (often.atLeast ?? 0) && counted <= (often.atMost ?? 1e9);
}

/** What the history reader would hand over: the newest that matter, and two future events at most. */
function cappedFacts(
  condition: Condition,
  all: readonly Occurrence[],
  of: Record<string, unknown>,
  asOfMs: number,
): PersonFacts {
  const events = new Map<string, EventHistory>();
  for (const need of historyNeeds([condition]).values()) {
    const its = all.filter((each) => `T:${each.name}` === need.factName);
    const since = need.windowMs === null ? Number.NEGATIVE_INFINITY : asOfMs - need.windowMs;
    const past = its
      .filter(({ atMs }) => atMs <= asOfMs && atMs > since)
      .sort((a, b) => b.atMs - a.atMs);
    const future = its.filter(({ atMs }) => atMs > asOfMs).sort((a, b) => a.atMs - b.atMs);
    const kept = need.filters.length > 0 ? past : past.slice(0, need.newest);
    events.set(need.factName, {
      facts: [...kept, ...future.slice(0, 2)],
      knownUntilMs: future.length > 2 ? future[1]!.atMs : Number.POSITIVE_INFINITY,
    });
  }
  return { traits: of, events };
}

describe("evaluating a rule", () => {
  test("given any rule and history, when time is played forward by the announced instants alone, then every instant's answer is the brute-force one", () => {
    fc.assert(
      fc.property(rules, occurrences, traits, (rule, all, of) => {
        const condition = compileRule(rule);
        const facts = completeFacts(all, of);
        let answer = evaluateRule(condition, facts, 0);
        for (let nowMs = 0; nowMs <= (endMs + 25) * 1_000; nowMs += 1_000) {
          if (answer.changesAtMs !== null && answer.changesAtMs <= nowMs) {
            expect(answer.changesAtMs).toBe(nowMs);
            answer = evaluateRule(condition, facts, nowMs);
          }
          expect(answer.isMember).toBe(bruteForce(rule, all, of, nowMs));
        }
        expect(answer.changesAtMs).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  test("given only the newest events that matter, when evaluated, then answer and next instant hold as with all", () => {
    fc.assert(
      fc.property(rules, occurrences, traits, fc.nat(endMs), (rule, all, of, second) => {
        const condition = compileRule(rule);
        const asOfMs = second * 1_000;
        const answer = evaluateRule(condition, cappedFacts(condition, all, of, asOfMs), asOfMs);
        const until = answer.changesAtMs ?? (endMs + 25) * 1_000;
        for (let nowMs = asOfMs; nowMs < until; nowMs += 1_000) {
          expect(answer.isMember).toBe(bruteForce(rule, all, of, nowMs));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("given a process that slept, when it wakes, then it knows every instant at which the answer turned", () => {
    fc.assert(
      fc.property(rules, occurrences, traits, fc.nat(endMs), (rule, all, of, second) => {
        const facts = completeFacts(all, of);
        const stretch = { fromMs: 0, untilMs: second * 1_000, knownAtMs: allKnown };
        const wasMember = bruteForce(rule, all, of, 0);
        const played = playThrough(compileRule(rule), facts, { ...stretch, wasMember });
        expect(played.turns).toEqual(turnsOf(rule, () => all, of, wasMember, second));
      }),
      { numRuns: 500 },
    );
  });

  test("given events that became known late, when time is played, then each counts from then on, as for one who watched", () => {
    const late = occurrences.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.array(fc.nat(endMs), { minLength: all.length, maxLength: all.length }),
      ),
    );
    fc.assert(
      fc.property(rules, late, traits, fc.boolean(), (rule, [all, delays], of, wasMember) => {
        const knownAtMs = new Map(all.map(({ position }) => [position, delays[position]! * 1_000]));
        const stretch = { wasMember, fromMs: 0, untilMs: endMs * 1_000, knownAtMs };
        const played = playThrough(compileRule(rule), completeFacts(all, of), stretch);
        const knownAt = (nowMs: number) =>
          all.filter(({ position }) => knownAtMs.get(position)! <= nowMs);
        const expected = turnsOf(rule, knownAt, of, wasMember, endMs);
        const plain = ({ isMember, atMs }: Turn) => ({ isMember, atMs });
        expect(played.turns.map(plain)).toEqual(expected.map(plain));
        for (const { isByFact, atMs } of played.turns) {
          expect(isByFact).toBe(atMs === 0 || [...knownAtMs.values()].includes(atMs));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("given known traits, when a rule is reduced by them, then what is left answers the same", () => {
    fc.assert(
      fc.property(rules, occurrences, traits, (rule, all, of) => {
        const condition = compileRule(rule);
        const whole = evaluateRule(condition, completeFacts(all, of), 0).isMember;
        const left = withTraits(condition, of);
        const reduced =
          typeof left === "boolean" ? left : evaluateRule(left, completeFacts(all, {}), 0).isMember;
        expect(reduced).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  test("given any rule, when it is read, then it is accepted unchanged and reading it again changes nothing", () => {
    fc.assert(
      fc.property(rules, (rule) => {
        const parsed = parseRule(rule);
        expect(parsed).toEqual({ rule, problems: [] });
        expect(JSON.stringify(parseRule(JSON.parse(JSON.stringify(parsed.rule))).rule)).toBe(
          JSON.stringify(parsed.rule),
        );
      }),
    );
  });
});
