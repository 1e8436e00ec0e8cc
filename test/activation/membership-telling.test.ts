import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { noCause } from "../../subgraphs/activation/domain/delivery.ts";
import {
  type OpenMessage,
  type Told,
  type Wanted,
  tellingStep,
  wantedFor,
} from "../../subgraphs/activation/domain/membership-telling.ts";
import { planTelling, type Telling } from "../../subgraphs/activation/domain/telling.ts";

const table: [Told, Wanted, OpenMessage, string][] = [
  ["OUT", "IN", "NONE", "OPEN"],
  ["OUT", "IN", "WAITING", "REST"],
  ["OUT", "IN", "WITHHELD", "REST"],
  ["OUT", "IN", "SENDING", "REST"],
  ["OUT", "IN", "UNCERTAIN", "REST"],
  ["OUT", "IN", "DEAD", "REST"],
  ["OUT", "IN", "DEAD_UNCERTAIN", "REST"],
  ["OUT", "OUT", "NONE", "REST"],
  ["OUT", "OUT", "WAITING", "CANCEL"],
  ["OUT", "OUT", "WITHHELD", "CANCEL"],
  ["OUT", "OUT", "SENDING", "REST"],
  ["OUT", "OUT", "UNCERTAIN", "COMPENSATE"],
  ["OUT", "OUT", "DEAD", "FORGET"],
  ["OUT", "OUT", "DEAD_UNCERTAIN", "COMPENSATE"],
  ["IN", "IN", "NONE", "REST"],
  ["IN", "IN", "WAITING", "CANCEL"],
  ["IN", "IN", "WITHHELD", "CANCEL"],
  ["IN", "IN", "SENDING", "REST"],
  ["IN", "IN", "UNCERTAIN", "REST"],
  ["IN", "IN", "DEAD", "FORGET"],
  ["IN", "IN", "DEAD_UNCERTAIN", "REVIVE"],
  ["IN", "OUT", "NONE", "OPEN"],
  ["IN", "OUT", "WAITING", "REST"],
  ["IN", "OUT", "WITHHELD", "REST"],
  ["IN", "OUT", "SENDING", "REST"],
  ["IN", "OUT", "UNCERTAIN", "REST"],
  ["IN", "OUT", "DEAD", "REST"],
  ["IN", "OUT", "DEAD_UNCERTAIN", "REST"],
];

describe("given what was told, what is so, and the open message", () => {
  test.each(table)("told %s, wanted %s, open %s: %s", (told, wanted, open, step) => {
    expect(tellingStep(told, wanted, open)).toBe(step);
  });

  test("who is told in stays in while a member whom consent has not refused since", () => {
    expect(wantedFor("IN", true, false)).toBe("IN");
    expect(wantedFor("IN", true, true)).toBe("OUT");
    expect(wantedFor("IN", false, false)).toBe("OUT");
    expect(wantedFor("OUT", true, true)).toBe("IN");
  });
});

/** What can happen to one person in one sync. */
type Happening = "join" | "leave" | "deny" | "grant" | "ok" | "refused" | "lost-arrived" | "lost";
const happenings: Happening[] = [
  "join",
  "leave",
  "deny",
  "grant",
  "ok",
  "ok",
  "refused",
  "lost-arrived",
  "lost",
];

/** A destination, the world and our telling, driven step by step through the pure plan. */
class Model {
  member = false;
  allowed = true;
  /** What the endpoint got, one id each. */
  readonly arrived = new Map<number, "ENTERED" | "EXITED">();
  private kind: "ENTERED" | "EXITED" = "ENTERED";
  private ids = 0;
  private telling: Telling = {
    sync: "s",
    personId: "p",
    told: false,
    refused: false,
    openId: null,
    openStatus: null,
    openTouched: false,
    again: null,
    destination: "d",
    audience: "a",
    syncState: "ACTIVE",
    member: null,
    survivor: null,
  };

  happen(what: Happening): void {
    if (what === "join" || what === "leave") {
      this.member = what === "join";
      this.plan();
    } else if (what === "deny" || what === "grant") {
      this.allowed = what === "grant";
      this.check();
    } else this.attempt(what);
  }

  /** Everything succeeds from now on. */
  calm(): void {
    for (let round = 0; round < 10; round += 1) {
      this.check();
      this.attempt("ok");
    }
  }

  private check(): void {
    const verdict = { outcome: this.allowed ? "ALLOW" : "DENY", reasons: [] };
    this.plan({ allowed: this.allowed, verdict });
  }

  private plan(consent?: {
    allowed: boolean;
    verdict: { outcome: string; reasons: never[] };
  }): void {
    this.telling.member = this.member
      ? { version: 1, enteredAt: new Date(0), cause: noCause }
      : null;
    const plan = planTelling(this.telling, { consent }, new Date(0));
    const next = { ...this.telling, told: plan.told, refused: plan.refused };
    if (!plan.keepsOpen)
      Object.assign(next, { openId: null, openStatus: null, openTouched: false });
    if (plan.requeue) next.openStatus = "PENDING";
    if (plan.open) {
      this.ids += 1;
      this.kind = plan.open.kind as "ENTERED";
      const openTouched = plan.open.mustArrive;
      Object.assign(next, { openId: String(this.ids), openStatus: "PENDING", openTouched });
    }
    this.telling = next;
  }

  private attempt(result: "ok" | "refused" | "lost-arrived" | "lost"): void {
    const { openStatus, openId } = this.telling;
    if (!openId || (openStatus !== "PENDING" && openStatus !== "RETRYING")) return;
    if (this.kind === "ENTERED" && !this.allowed) {
      if (this.telling.openTouched) this.check();
      else this.telling.openStatus = "WITHHELD";
      return;
    }
    if (result === "ok" || result === "lost-arrived") this.arrived.set(Number(openId), this.kind);
    if (result === "ok") {
      const told = this.kind === "ENTERED";
      Object.assign(this.telling, { told, refused: false, openId: null, openStatus: null });
      this.telling.openTouched = false;
    } else {
      this.telling.openStatus = "RETRYING";
      if (result !== "refused") this.telling.openTouched = true;
    }
    this.plan();
  }
}

test("given any course of events and failures, then the endpoint ends with what is so and allowed, never in twice", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...happenings), { maxLength: 60 }), (course) => {
      const model = new Model();
      for (const what of course) model.happen(what);
      model.calm();
      const kinds = [...model.arrived.entries()].sort(([a], [b]) => a - b).map(([, kind]) => kind);
      const last = kinds.at(-1);
      expect(last === "ENTERED").toBe(model.member && model.allowed);
      kinds.forEach((kind, index) => {
        if (kind === "ENTERED" && index > 0) expect(kinds[index - 1]).toBe("EXITED");
      });
    }),
    { numRuns: 3_000 },
  );
});

test("given attempts that always get a clear answer, then entries and exits alternate exactly", () => {
  const clear = happenings.filter((what) => !what.startsWith("lost"));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...clear), { maxLength: 60 }), (course) => {
      const model = new Model();
      for (const what of course) model.happen(what);
      model.calm();
      const kinds = [...model.arrived.values()];
      kinds.forEach((kind, index) => expect(kind).toBe(index % 2 === 0 ? "ENTERED" : "EXITED"));
    }),
    { numRuns: 2_000 },
  );
});
