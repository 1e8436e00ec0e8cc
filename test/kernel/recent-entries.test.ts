import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Session } from "../../kernel/database/database.ts";
import { RecentEntries } from "../../kernel/streams/recent-entries.ts";

/** A stream of which the engine is asked; counts how often. */
class StoredStream {
  readonly positions: number[] = [];
  questions = 0;
  private next = 1;

  /** Positions have gaps: an append that was rolled back uses some up. */
  append(count: number, gap: number): number[] {
    this.next += gap;
    const fresh = Array.from({ length: count }, (_, place) => this.next + place);
    this.next += count;
    this.positions.push(...fresh);
    return fresh;
  }

  after(position: number, limit: number): number[] {
    return this.positions.filter((each) => each > position).slice(0, limit);
  }

  readonly session = {
    query: async (_: unknown, values: [number, number]) => {
      this.questions += 1;
      return this.after(...values).map((position) => ({
        position,
        at: new Date(0),
        key: "k",
        kind: "K",
        payload: JSON.stringify({ position, text: "x".repeat(position % 5) }),
      }));
    },
  } as unknown as Session;
}

function page(positions: readonly number[]) {
  const entries = positions.map((position) => {
    return { position, at: new Date(0), key: "k", kind: "K", payload: { position } };
  });
  return { entries, size: positions.length * 20 };
}

const steps = fc.array(
  fc.oneof(
    fc.record({ append: fc.integer({ min: 1, max: 1_500 }), gap: fc.integer({ min: 0, max: 3 }) }),
    fc.record({
      reader: fc.integer({ min: 0, max: 2 }),
      limit: fc.integer({ min: 1, max: 1_200 }),
    }),
    fc.constantFrom("idle" as const, "forget" as const),
  ),
  { minLength: 5, maxLength: 60 },
);

describe.each([true, false])("given what is recent of a stream, fed by appends: %s", (isFed) => {
  test("when several readers go over it at their own pace, then each gets what the engine would give", async () => {
    const story = async (script: readonly (object | string)[]) => {
      const stored = new StoredStream();
      let now = 0;
      const recent = new RecentEntries("events", isFed, () => now);
      // What stood there before this process began was never fed.
      stored.append(700, 0);
      const cursors = [0, 0, 0];
      for (const step of script as ({ append: number; gap: number } & {
        reader: number;
        limit: number;
      })[]) {
        if ((step as unknown) === "idle") now += 60_000;
        else if ((step as unknown) === "forget") recent.forget();
        else if (step.append !== undefined) {
          const fresh = stored.append(step.append, step.gap);
          if (isFed) recent.feed(page(fresh));
        } else {
          const limit = Math.min(step.limit, 1_000);
          const expected = stored.after(cursors[step.reader]!, limit);
          const got = await recent.read(stored.session, cursors[step.reader]!, step.limit);
          expect(got.map(({ position }) => position)).toEqual(expected);
          cursors[step.reader] = expected.at(-1) ?? cursors[step.reader]!;
        }
      }
    };
    await fc.assert(fc.asyncProperty(steps, story), { numRuns: 200 });
  });

  test("when five readers follow the same appends, then the engine is asked once at the most", async () => {
    const stored = new StoredStream();
    const recent = new RecentEntries("events", isFed, () => 0);
    const fresh = stored.append(400, 0);
    if (isFed) recent.feed(page(fresh));
    for (let reader = 0; reader < 5; reader += 1) {
      expect(await recent.read(stored.session, 0, 400)).toHaveLength(400);
    }
    expect(stored.questions).toBe(isFed ? 0 : 1);
  });
});

test("given one reader who leads and four who lag behind together, when all go on, then the four share what they read", async () => {
  const stored = new StoredStream();
  const recent = new RecentEntries("events", false, () => 0);
  stored.append(12_000, 0);
  for (let round = 0; round < 10; round += 1) {
    for (let lagging = 0; lagging < 4; lagging += 1) {
      const got = await recent.read(stored.session, round * 500, 500);
      expect(got[0]!.position).toBe(round * 500 + 1);
    }
    await recent.read(stored.session, 6_000 + round * 500, 500);
  }
  expect(stored.questions).toBe(20);
});

test("given two appends told in the wrong order, when read, then nothing is missing", async () => {
  const stored = new StoredStream();
  const recent = new RecentEntries("events", true, () => 0);
  const first = stored.append(3, 0);
  const second = stored.append(3, 0);
  recent.feed(page(second));
  recent.feed(page(first));
  const got = await recent.read(stored.session, 0, 10);
  expect(got.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
});
