import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type EventsPlatform, post, startEventsPlatform, startMsMax } from "../events-platform.ts";

let platform: EventsPlatform;
let key: string;

beforeAll(async () => {
  platform = await startEventsPlatform();
  key = await platform.createSource("web");
}, startMsMax);
afterAll(() => platform?.close());

describe("given a source and its write key", () => {
  test("when a track is posted, then it is in the stream in our shape", async () => {
    const answer = await post(
      `${platform.url}/v1/track`,
      { messageId: "t-1", userId: "u-1", event: "order_completed", properties: { total: 12.5 } },
      { key },
    );
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 1 } });
    expect(await platform.accepted()).toContainEqual(
      expect.objectContaining({
        messageId: "t-1",
        source: "web",
        type: "TRACK",
        name: "order_completed",
        identifiers: [{ namespace: "user_id", value: "u-1" }],
        properties: { total: 12.5 },
      }),
    );
  });

  test("when a batch writes its types in capitals, then they are understood", async () => {
    const batch = ["Track", "TRACK", "track"].map((type) => ({ type, userId: "u-1", event: "x" }));
    const answer = await post(`${platform.url}/v1/batch`, { batch }, { key });
    expect(answer.body).toMatchObject({ success: true, accepted: 3 });
  });
});
