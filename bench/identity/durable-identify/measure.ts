import { EventResolver } from "../../../subgraphs/identity/service/resolve-events.ts";
import { foregroundEdgesMax } from "../../../subgraphs/identity/service/resolution-unit.ts";
import { fixedPolicy } from "../../../subgraphs/identity/service/policy-in-force.ts";
import type { IdentityStore } from "../../../subgraphs/identity/store/identity-store.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { Draw } from "../made-up/draw.ts";
import { IDENTIFIERS_PER_PERSON, Sayings } from "./sayings.ts";

const BATCH = 500;
const UNDER_WAY = 3;

/** Milliseconds of single durable identifies. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

function latencyOf(times: number[]): Latency {
  times.sort((left, right) => left - right);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  return { p50: at(0.5), p99: at(0.99), max: times.at(-1)! };
}

/** Grows a graph and times what one identify costs in it, commit and announcement included. */
export class IdentifyBench {
  readonly #store: IdentityStore;
  readonly #sayings = new Sayings();
  readonly #draw = new Draw(1);
  readonly #resolver = new EventResolver(
    fixedPolicy(),
    { dropped: () => {}, recomputed: () => {} },
    foregroundEdgesMax,
  );
  #people = 0;
  #browsers = 0;

  constructor(store: IdentityStore) {
    this.#store = store;
  }

  /** Adds new persons in batches until there are so many identifiers; answers events resolved a second. */
  grow(identifiers: number): Promise<number> {
    const people = Math.ceil(identifiers / IDENTIFIERS_PER_PERSON) - this.#people;
    return this.#inBatches(people, () => this.#sayings.identify(this.#people++, "first"));
  }

  /** The same, when half of them are known, a fifth of those on another browser. */
  returning(count: number): Promise<number> {
    return this.#inBatches(count, () => {
      if (this.#draw.number(0, 2) === 0) return this.#sayings.identify(this.#people++, "first");
      const device = this.#draw.number(0, 5) === 0 ? "second" : "first";
      return this.#sayings.identify(this.#draw.number(0, this.#people), device);
    });
  }

  /** Three batches are under way, as in the product on Neo4j: none waits until the streams have told what one before has said. */
  async #inBatches(count: number, next: () => StreamEntry): Promise<number> {
    const begun = performance.now();
    const underWay: Promise<void>[] = [];
    for (let from = 0; from < count; from += BATCH) {
      const size = Math.min(BATCH, count - from);
      underWay.push(this.#resolve(Array.from({ length: size }, next)));
      if (underWay.length === UNDER_WAY) await underWay.shift();
    }
    await Promise.all(underWay);
    return (count * 1_000) / Math.max(1, performance.now() - begun);
  }

  /** Identifies one at a time: a third new people, a third on a new browser, a third nothing new. */
  async single(count: number): Promise<Latency> {
    const times: number[] = [];
    for (let at = 0; at < count; at++) {
      const known = this.#draw.number(0, this.#people);
      const entry =
        at % 3 === 0
          ? this.#sayings.identify(this.#people++, "first")
          : this.#sayings.identify(known, at % 3 === 1 ? `b${this.#browsers++}` : "first");
      times.push(await this.#timed([entry]));
    }
    return latencyOf(times);
  }

  /** One person with so many browsers: a hub in the graph. */
  async growHub(edges: number): Promise<void> {
    for (let from = 0; from < edges; from += BATCH) {
      const count = Math.min(BATCH, edges - from);
      await this.#resolve(
        Array.from({ length: count }, (_, at) => this.#sayings.identify(0, `hub${from + at}`)),
      );
    }
  }

  /** One more browser of the hub each time. */
  async singleAtHub(count: number): Promise<Latency> {
    const times: number[] = [];
    for (let at = 0; at < count; at++)
      times.push(await this.#timed([this.#sayings.identify(0, `late${this.#browsers++}`)]));
    return latencyOf(times);
  }

  async #timed(entries: StreamEntry[]): Promise<number> {
    const begun = performance.now();
    await this.#resolve(entries);
    return performance.now() - begun;
  }

  #resolve(entries: StreamEntry[]): Promise<void> {
    return this.#store.write((graph) => this.#resolver.resolve(graph, entries));
  }
}
