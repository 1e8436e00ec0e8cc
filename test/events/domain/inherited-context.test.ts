import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mergeContext } from "../../../subgraphs/events/domain/merge-context.ts";
import { readEvent } from "../../../subgraphs/events/domain/read-event.ts";

const contextOf = (ofBatch: unknown, ofEvent: unknown) => {
  const raw = { type: "track", event: "Seen", userId: "u-1", context: ofEvent };
  const envelope = {
    ...{ source: "web", receivedAt: 0, sentAt: null, timestamp: null },
    ...{ context: ofBatch, type: null, isWithinEventBytes: true },
  };
  const read = readEvent(structuredClone(raw), envelope, () => "m-1");
  return read.ok ? read.event.context : read.problems;
};

describe("given a batch with a context", () => {
  test("when an event has one, too, then they are merged to the last object, and the event's words stand", () => {
    const ofBatch = {
      app: { name: "shop", version: "1" },
      consent: { categoryPreferences: { marketing: false, analytics: true } },
      externalIds: [{ id: "1", type: "a" }],
      locale: "de-DE",
      page: { path: "/" },
    };
    const ofEvent = {
      app: { version: "2" },
      consent: { categoryPreferences: { marketing: true } },
      externalIds: [{ id: "2", type: "b" }],
      page: null,
    };
    expect(contextOf(ofBatch, ofEvent)).toEqual({
      app: { name: "shop", version: "2" },
      consent: { categoryPreferences: { marketing: true, analytics: true } },
      externalIds: [{ id: "2", type: "b" }],
      locale: "de-DE",
      page: null,
    });
    expect(ofBatch.app).toEqual({ name: "shop", version: "1" });
  });

  test("when an event has none, then it has the batch's; and the other way round", () => {
    const context = { app: { name: "shop" } };
    expect(contextOf(context, undefined)).toEqual(context);
    expect(contextOf(null, context)).toEqual(context);
  });

  test("when merged, then each value of the event is there, and what it does not name is the batch's", () => {
    const record = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(record, record, (ofBatch, ofEvent) => {
        const merged = mergeContext(ofBatch, ofEvent);
        expect(mergeContext(merged, ofEvent)).toEqual(merged);
        for (const key of Object.keys(ofBatch)) {
          if (!Object.hasOwn(ofEvent, key)) expect(merged[key]).toEqual(ofBatch[key]);
        }
      }),
    );
  });
});
