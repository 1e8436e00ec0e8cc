import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  globalPrivacyControlOf,
  preferencesOf,
  preferencesPerEventMax,
} from "../../subgraphs/consent/domain/preference.ts";
import {
  holdIntervalMs,
  isByOperator,
  noveltyOf,
} from "../../subgraphs/consent/domain/standing.ts";

const page = { type: "PAGE", name: "Home", properties: {}, context: {} };

function read(event: Partial<typeof page> & Record<string, unknown>): string[] {
  return preferencesOf({ ...page, ...event }).map(
    (one) => `${one.kind} ${one.purpose} ${one.channel ?? "*"}${one.isAct ? " act" : ""}`,
  );
}

describe("given an event, when its preferences are read", () => {
  test("then Segment's category preferences on any event ride along", () => {
    const consent = { categoryPreferences: { Advertising: true, Analytics: false, Odd: 7 } };
    expect(read({ context: { consent } })).toEqual(["GRANT Advertising *", "WITHDRAW Analytics *"]);
  });

  test("then Segment's reserved event is an act", () => {
    const consent = { categoryPreferences: { Advertising: true } };
    const name = "Segment Consent Preference Updated";
    expect(read({ type: "TRACK", name, context: { consent } })).toEqual([
      "GRANT Advertising * act",
    ]);
  });

  test("then our own preference event names purpose, channel and kind", () => {
    const properties = { purpose: "marketing", channel: "email", kind: "WITHDRAW" };
    const own = { type: "TRACK", name: "consent_preference", properties };
    expect(read(own)).toEqual(["WITHDRAW marketing EMAIL act"]);
  });

  test("then our own preference event may carry a map", () => {
    const properties = { preferences: { marketing: true, analytics: "denied" } };
    const own = { type: "TRACK", name: "Consent Preference Updated", properties };
    expect(read(own)).toEqual(["GRANT marketing * act", "WITHDRAW analytics * act"]);
  });

  test("then RudderStack's consent management is read", () => {
    const consentManagement = { allowedConsentIds: ["C1"], deniedConsentIds: ["C2", 3] };
    expect(read({ context: { consentManagement } })).toEqual(["GRANT C1 *", "WITHDRAW C2 *"]);
  });

  test("then of more than are read no refusal is left out, wherever it stands", () => {
    const names = Array.from({ length: preferencesPerEventMax + 10 }, (_, index) => `c${index}`);
    const yes = Object.fromEntries(names.map((name) => [name, true]));
    const consentManagement = { deniedConsentIds: ["last"] };
    const consent = { categoryPreferences: { ...yes, c55: false } };
    const found = read({ context: { consent, consentManagement } });
    expect(found).toHaveLength(preferencesPerEventMax);
    expect(found).toEqual(expect.arrayContaining(["WITHDRAW c55 *", "WITHDRAW last *"]));
    expect(found).toContain("GRANT c0 *");
  });

  test("then another event's properties say nothing", () => {
    const properties = { purpose: "marketing", kind: "GRANT" };
    expect(read({ type: "TRACK", name: "Order Completed", properties })).toEqual([]);
    expect(read({ type: "PAGE", name: "Consent Preference", properties })).toEqual([]);
  });

  test("then GPC is read, and its absence is no statement", () => {
    expect(globalPrivacyControlOf({ ...page, context: { consent: { gpc: true } } })).toBe(true);
    expect(globalPrivacyControlOf({ ...page, context: { gpc: "0" } })).toBe(false);
    expect(globalPrivacyControlOf({ ...page, context: { consent: { gpc: null } } })).toBeNull();
  });

  test("then whatever JSON comes in, it is bounded, storable and never throws", () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<unknown>);
    const bag = fc.oneof(json, fc.record({ consent: fc.oneof(json, fc.jsonValue()) }));
    fc.assert(
      fc.property(bag, json, (context, properties) => {
        const event = { type: "TRACK", name: "consent_preference", context, properties };
        const found = preferencesOf({ ...event, context: context as Record<string, unknown> });
        expect(found.length).toBeLessThanOrEqual(preferencesPerEventMax);
        expect(found.every((one) => !one.purpose.includes("\u0000"))).toBe(true);
      }),
    );
  });
});

describe("given what stands, when a preference rides along on an event, then it is", () => {
  const grant = { statedAt: 1_000, heldAt: 2_000 };
  const cases = [
    ["new when nothing stands", undefined, undefined, 5_000, "NEW"],
    ["known when the same stands", grant, undefined, 5_000, "KNOWN"],
    ["held on after a good while", grant, undefined, 2_000 + holdIntervalMs, "HELD"],
    ["known when it is older than what stands", grant, undefined, 500, "KNOWN"],
    ["new after the opposite", grant, { statedAt: 3_000, heldAt: 3_000 }, 5_000, "NEW"],
    ["known before the opposite", grant, { statedAt: 6_000, heldAt: 6_000 }, 5_000, "KNOWN"],
    ["known when the opposite was before", grant, { statedAt: 500, heldAt: 900 }, 5_000, "KNOWN"],
  ] as const;
  for (const [title, same, other, at, expected] of cases) {
    test(title, () => expect(noveltyOf(at, same, other)).toBe(expected));
  }
});

test("given a method, then imports and operators are told from the person's own acts", () => {
  const byOperator = ["csv-import", "operator", "bulk_upload", "Imported from CRM"];
  const own = ["preference-centre", "double-opt-in", "important-form", "web-form", "api"];
  expect(byOperator.map(isByOperator)).toEqual([true, true, true, true]);
  expect(own.map(isByOperator)).toEqual([false, false, false, false, false]);
});
