import { parseArgs } from "node:util";
import { GraphqlClient } from "./graphql-client.ts";
import { judgeStory, type Verdict } from "./judge-story.ts";
import { sendStory } from "./send-story.ts";
import { awaitTheEnd, sayDeliveries, setUp, tearDown } from "./set-up.ts";
import { tellStory } from "./story.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

const help = `npm run sample -- --key <API key> [options]

Sends the story of a sports brand through the public HTTP API with Segment's Node SDK, and prints what became
of it against the truth. The same seed tells the same story.

  --key KEY        API key with every scope (the one that npm start printed)
  --url URL        where Selfsame listens             (http://127.0.0.1:4000)
  --persons N      humans in the story, 1-1000000     (5000)
  --seed N         another story                      (7)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      key: { type: "string" },
      url: { type: "string", default: "http://127.0.0.1:4000" },
      persons: { type: "string", default: "5000" },
      seed: { type: "string", default: "7" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || !values.key) {
    process.stdout.write(help);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const persons = Number(values.persons);
  if (!Number.isInteger(persons) || persons < 1 || persons > 1_000_000) {
    throw new Error("--persons must be a whole number from 1 to 1000000");
  }
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error("--seed must be a whole number");
  const client = new GraphqlClient(values.url, values.key);
  const receiver = await WebhookReceiver.open();
  try {
    await run(client, receiver, values.url, tellStory(persons, seed));
  } finally {
    await receiver.close();
  }
}

async function run(
  client: GraphqlClient,
  receiver: WebhookReceiver,
  url: string,
  story: ReturnType<typeof tellStory>,
): Promise<void> {
  const begun = Date.now();
  const sync = await setUp(client, receiver.url);
  await sendStory(story, url, client, (sent) =>
    say(`sent ${sent} of ${story.fragments.length} fragments`),
  );
  process.stdout.write("\n");
  await awaitTheEnd(client);
  const seconds = ((Date.now() - begun) / 1_000).toFixed(1);
  sayVerdict(await judgeStory(story, client), story.fragments.length, seconds);
  await sayDeliveries(client, receiver);
  await tearDown(client, sync);
}

function sayVerdict(verdict: Verdict, fragments: number, seconds: string): void {
  process.stdout.write(
    `${verdict.humans} humans in ${fragments} fragments over six systems, resolved after ${seconds} s
  persons found     ${verdict.persons}
  exactly right     ${verdict.exact} humans
  wrong merges      ${verdict.wrongMerges} pairs
  missed merges     ${verdict.missedMerges} pairs, ${verdict.keptApart} of them around contacts that the CRM holds twice
`,
  );
}

/** One line that is written over, on a terminal; else a line each time. */
function say(text: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r${text}` : `${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
