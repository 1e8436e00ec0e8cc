import type { PolicyIndex } from "../domain/identity-policy.ts";
import { type Simulated, simulate } from "../domain/simulate-policy.ts";
import type { GraphScan } from "../store/graph-scan.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { PolicySimulation, SimulationBody } from "../store/policy-simulations.ts";
import { SimulatedComponents } from "./simulated-components.ts";
import type { WhatIf } from "./what-if.ts";

const personsAtOnce = 200;
const genericsAtOnce = 50;
const openedMax = 5_000;
const examplesMax = 50;
/** Persons whose audiences are asked for: each costs a look at all its events. */
const askedMax = 500;

interface StepParts {
  reader: IdentityReader;
  scan: GraphScan;
  whatIf: Pick<WhatIf, "standingsOf" | "destinationsOf">;
  /** How long one step may take, at about. */
  budgetMs: number;
}

/** One step of a simulation: some persons further. Writes nothing. */
export class SimulationStep {
  private readonly parts: StepParts;
  private readonly index: PolicyIndex;
  private readonly simulation: PolicySimulation;
  private readonly body: SimulationBody;
  private readonly components: SimulatedComponents;

  constructor(parts: StepParts, index: PolicyIndex, simulation: PolicySimulation) {
    this.parts = parts;
    this.index = index;
    this.body = structuredClone(simulation.body);
    this.simulation = simulation;
    const opened = new Set(this.body.opened);
    this.components = new SimulatedComponents(parts.reader, parts.scan, index, opened);
  }

  /** Gives the simulation as it is afterwards; `at` is when it ends if it does. */
  async take(at: string): Promise<PolicySimulation> {
    if (this.body.genericCursor !== null) {
      await this.lookAtGenerics(this.body.genericCursor);
      return { ...this.simulation, body: this.body };
    }
    const { cursor } = this.simulation;
    const ids = await this.parts.scan.personIds(cursor, personsAtOnce);
    const endsAt = performance.now() + this.parts.budgetMs;
    let last = cursor;
    for (const id of ids) {
      await this.person(id);
      last = id;
      this.body.done += 1;
      if (performance.now() > endsAt) break;
    }
    const isDone = ids.length < personsAtOnce && (ids.at(-1) ?? last) === last;
    if (!isDone) return { ...this.simulation, cursor: last, body: this.body };
    await this.nameDestinations();
    return {
      ...this.simulation,
      cursor: last,
      state: "DONE",
      endedAt: at,
      body: this.body,
    };
  }

  private async lookAtGenerics(cursor: string): Promise<void> {
    const keys = await this.parts.scan.genericKeys(cursor, genericsAtOnce);
    const opened = await this.components.opens(keys);
    this.body.opened = [...this.body.opened, ...opened].slice(0, openedMax);
    const isDone = keys.length < genericsAtOnce || this.body.opened.length === openedMax;
    this.body.genericCursor = isDone ? null : keys.at(-1)!;
  }

  /** A component counts once: with the first of its persons. */
  private async person(id: string): Promise<void> {
    if (!this.isInSample(id)) return;
    const component = await this.components.of(id);
    if (typeof component === "string") {
      this.body.personsBefore += 1;
      this.body.personsAfter += 1;
      if (component === "TOO_LARGE") this.body.oversize += 1;
      return;
    }
    const ids = component.identifiers.map(({ personId }) => personId ?? "");
    if (ids.some((other) => other !== "" && other < id)) return;
    const simulated = simulate(component, this.index);
    this.count(simulated);
    await this.ask(simulated);
  }

  private count({ personsBefore, personsAfter, changes }: Simulated): void {
    const { body } = this;
    body.personsBefore += personsBefore;
    body.personsAfter += personsAfter;
    for (const change of changes) {
      if (change.kind === "MERGE") body.merges += 1;
      else if (change.kind === "SPLIT") body.splits += 1;
      else body.moves += 1;
      if (body.examples.length < examplesMax) body.examples.push(change);
    }
  }

  /** Which audiences those who would be others would enter and leave. */
  private async ask({ before, after, redirects }: Simulated): Promise<void> {
    const { body } = this;
    if (before.size + after.size === 0 || body.note !== null) return;
    if (body.asked + before.size > askedMax) {
      body.askedAll = false;
      return;
    }
    body.asked += before.size;
    try {
      const groups = [...before.values(), ...after.values()];
      const standings = await this.parts.whatIf.standingsOf(groups);
      const audiences = standings.map((standing) => new Set(standing.audiences));
      const was = new Map([...before.keys()].map((id, place) => [id, audiences[place]!]));
      const willBe = new Map(
        [...after.keys()].map((id, place) => [id, audiences[before.size + place]!]),
      );
      const countIn = (name: string, which: "entered" | "left") => {
        body.audiences[name] ??= { entered: 0, left: 0 };
        body.audiences[name][which] += 1;
      };
      for (const [id, names] of willBe) {
        for (const name of names) if (!was.get(id)?.has(name)) countIn(name, "entered");
      }
      for (const [id, names] of was) {
        const then = willBe.get(id) ?? willBe.get(redirects.get(id) ?? "");
        for (const name of names) if (!then?.has(name)) countIn(name, "left");
      }
    } catch {
      body.askedAll = false;
      body.note = "Audiences could not be asked; the rest of the simulation stands.";
    }
  }

  private async nameDestinations(): Promise<void> {
    const names = Object.keys(this.body.audiences);
    if (names.length === 0) return;
    try {
      this.body.destinations = await this.parts.whatIf.destinationsOf(names);
    } catch {
      this.body.note = "Destinations could not be asked; the rest of the simulation stands.";
    }
  }

  /** The same persons at every run: chosen by a hash of the id. */
  private isInSample(id: string): boolean {
    const { sample, body } = this.simulation;
    if (sample === null || sample >= body.total) return true;
    let hash = 2_166_136_261;
    for (let place = 0; place < id.length; place += 1) {
      hash = Math.imul(hash ^ id.charCodeAt(place), 16_777_619) >>> 0;
    }
    return hash / 2 ** 32 < sample / body.total;
  }
}
