import { Analytics } from "@segment/analytics-node";
import type { GraphqlClient } from "./graphql-client.ts";
import { type Fragment, type Story, type System, systems } from "./story.ts";

const hourMs = 3_600_000;
/** Fragments handed to the SDK before it is asked to empty its queue. */
const fragmentsPerFlush = 2_000;

interface SourceAnswer {
  source: { writeKey: string | null; problems: { code: string; message: string }[] };
}

const kinds: Record<System, string> = {
  crm: "CRM",
  lms: "LMS",
  commerce: "COMMERCE",
  club: "CLUB",
  app: "MOBILE_APP",
  newsletter: "EMAIL",
};

/**
 * Sends every fragment through Segment's own Node SDK, one instance per system, with the message ids of the
 * story: told twice, nothing is counted twice. Calls `progress` with the number of fragments sent.
 */
export async function sendStory(
  story: Story,
  url: string,
  client: GraphqlClient,
  progress: (sent: number) => void,
): Promise<void> {
  const sdks = new Map<System, Analytics>();
  for (const system of systems) {
    const writeKey = await writeKeyOf(system, client);
    const sdk = new Analytics({ writeKey, host: url, flushAt: 100, flushInterval: 200 });
    sdk.on("error", ({ reason }) => process.stderr.write(`\n${system}: ${String(reason)}\n`));
    sdks.set(system, sdk);
  }
  const now = Date.now();
  for (const [index, fragment] of story.fragments.entries()) {
    sendFragment(sdks.get(fragment.system)!, fragment, { id: `${story.name}-${index}`, now });
    if ((index + 1) % fragmentsPerFlush === 0) {
      await Promise.all([...sdks.values()].map((sdk) => sdk.flush()));
      progress(index + 1);
    }
  }
  await Promise.all([...sdks.values()].map((sdk) => sdk.closeAndFlush()));
  progress(story.fragments.length);
}

function sendFragment(
  sdk: Analytics,
  fragment: Fragment,
  { id, now }: { id: string; now: number },
): void {
  const ids = fragment.userId
    ? {
        userId: fragment.userId,
        ...(fragment.anonymousId && { anonymousId: fragment.anonymousId }),
      }
    : { anonymousId: `${fragment.system}-${id}` };
  const externalIds = fragment.externalIds.map((each) => ({
    ...each,
    collection: "users",
    encoding: "none",
  }));
  const context = { externalIds };
  const { traits } = fragment;
  sdk.identify({
    ...ids,
    traits,
    context,
    messageId: `sample-${id}`,
    timestamp: new Date(now - 96 * hourMs),
  });
  fragment.events.forEach(({ name, hoursAgo, properties }, place) => {
    const timestamp = new Date(now - hoursAgo * hourMs);
    sdk.track({
      ...ids,
      event: name,
      properties,
      context,
      timestamp,
      messageId: `sample-${id}-${place}`,
    });
  });
}

async function writeKeyOf(system: System, client: GraphqlClient): Promise<string> {
  const name = `sample-${system}`;
  const created = await client.ask<SourceAnswer>(
    `mutation($input: CreateSourceInput!) {
      source: createSource(input: $input) { writeKey problems { code message } }
    }`,
    { input: { name, title: `Sample: ${system}`, kind: kinds[system] } },
  );
  if (created.source.writeKey) return created.source.writeKey;
  const rotated = await client.ask<SourceAnswer>(
    `mutation($input: RotateWriteKeyInput!) {
      source: rotateWriteKey(input: $input) { writeKey problems { code message } }
    }`,
    { input: { source: name } },
  );
  const [problem] = rotated.source.problems;
  if (!rotated.source.writeKey) throw new Error(`${name}: ${problem?.message ?? "no write key"}`);
  return rotated.source.writeKey;
}
