import type { GraphqlClient } from "./graphql-client.ts";
import type { WebhookReceiver } from "./webhook-receiver.ts";

/** What has been quiet for so long has come to its end. */
const quietMs = 2_000;
const waitMsMax = 30 * 60_000;

type Answer = Record<string, { problems: { code: string; message: string }[] }>;

const abandonedCart = {
  all: [
    { event: { name: "cart_updated", within: "P3D" } },
    { not: { event: { name: "order_completed", within: "P3D" } } },
  ],
};

/**
 * Purpose, audience, destination and sync of the story; what is there from an earlier run stays. Gives the name
 * of the sync, which tells this run's receiver.
 */
export async function setUp(client: GraphqlClient, hook: string): Promise<string> {
  const run = Date.now().toString(36);
  await define(client, "definePurpose", "DefinePurposeInput", {
    name: "sample-service",
    title: "Service messages",
    channels: ["EMAIL"],
    basis: "LEGITIMATE_INTEREST",
  });
  await define(client, "createAudience", "CreateAudienceInput", {
    name: "sample-left-a-cart",
    title: "Left a cart within three days",
    owner: "growth",
    purpose: "sample-service",
    rule: abandonedCart,
  });
  await define(client, "activateAudience", "ActivateAudienceInput", {
    name: "sample-left-a-cart",
    version: 1,
  });
  await define(client, "createDestination", "CreateDestinationInput", {
    name: `sample-hook-${run}`,
    kind: "webhook",
    settings: { url: hook },
  });
  await define(client, "createSync", "CreateSyncInput", {
    name: `sample-carts-${run}`,
    destination: `sample-hook-${run}`,
    subject: { audience: "sample-left-a-cart" },
    purpose: "sample-service",
    channel: "EMAIL",
    identifiers: ["email"],
    traits: ["first_name", "country"],
  });
  return `sample-carts-${run}`;
}

/** Nobody listens any more: a sync that went on would only make dead letters. */
export async function tearDown(client: GraphqlClient, sync: string): Promise<void> {
  await define(client, "pauseSync", "SyncNameInput", { name: sync });
}

async function define(
  client: GraphqlClient,
  mutation: string,
  inputType: string,
  input: Record<string, unknown>,
): Promise<void> {
  const document = `mutation($input: ${inputType}!) { ${mutation}(input: $input) { problems { code message } } }`;
  const answer = await client.ask<Answer>(document, { input });
  const refused = answer[mutation]!.problems.find(({ code }) => !/EXISTS|TAKEN|ACTIVE/.test(code));
  if (refused) throw new Error(`${mutation}: ${refused.message}`);
}

/** Waits until no stream has moved for a while: everything that was sent has come to its end. */
export async function awaitTheEnd(client: GraphqlClient): Promise<void> {
  const heads = `{
    profile: streamHead(stream: PROFILE)
    membership: streamHead(stream: AUDIENCE_MEMBERSHIP)
    delivery: streamHead(stream: DELIVERY_STATUS)
  }`;
  const deadline = Date.now() + waitMsMax;
  for (let last = ""; Date.now() < deadline; ) {
    const now = JSON.stringify(await client.ask(heads));
    if (now === last) return;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
}

/** Prints how many members the audience has, and what the webhook was told. */
export async function sayDeliveries(
  client: GraphqlClient,
  receiver: WebhookReceiver,
): Promise<void> {
  const { audience } = await client.ask<{ audience: { memberCount: number } }>(
    `{ audience(name: "sample-left-a-cart") { memberCount } }`,
  );
  const told = [...receiver.counts].map(([type, count]) => `${count} ${type}`).join(", ");
  process.stdout.write(
    `  audience          ${audience.memberCount} left a cart and bought nothing within three days
  webhooks          ${told || "none"}
`,
  );
}
