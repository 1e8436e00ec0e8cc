import { allModules } from "../../gateway/all-modules.ts";
import type { Scope } from "../../kernel/security/scopes.ts";
import { startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";

const problems = "problems { code message path }";
let serial = 0;

/** A text nobody else in this process uses. */
export function unique(prefix: string): string {
  serial += 1;
  return `${prefix}-${process.pid}-${serial}`;
}

export type Answer = Record<string, { problems?: { code: string }[] } & Record<string, unknown>>;

export interface Preview {
  allowed: boolean;
  refusals: { constraint: string; message: string }[];
  traits: { name: string; value: unknown; from: string }[];
  audiencesEntered: { name: string }[];
  audiencesLeft: { name: string }[];
  consentDecisions: {
    purpose: string;
    channel: string | null;
    before: string | null;
    after: string | null;
  }[];
}

export interface Standing {
  id: string;
  traits: { name: string; value: unknown }[];
  audiences: string[];
  decisions: Record<string, string>;
}

/** All subgraphs on one engine, with the words that tests of previews need. */
export class PreviewWorld {
  readonly platform: TestPlatform;

  private constructor(platform: TestPlatform) {
    this.platform = platform;
  }

  static async start(environment: Record<string, string> = {}): Promise<PreviewWorld> {
    const world = new PreviewWorld(await startTestPlatform(allModules, { environment }));
    await world.mutate("events", "createSource", { name: "web", title: "Web", kind: "WEBSITE" });
    return world;
  }

  async ask<T>(
    subgraph: string,
    document: string,
    variables: Record<string, unknown> = {},
    scopes?: readonly Scope[],
  ): Promise<T> {
    const { data, errors } = await this.platform.ask<T>(subgraph, document, variables, scopes);
    if (errors?.length) throw errors[0];
    return JSON.parse(JSON.stringify(data)) as T;
  }

  /** Runs one mutation that takes an input; throws on problems. */
  async mutate(
    subgraph: string,
    field: string,
    input: object,
    selection = "",
  ): Promise<Answer[string]> {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} ${problems} } }`;
    const answer = (await this.ask<Answer>(subgraph, document, { input }))[field]!;
    if (answer.problems?.length) throw new Error(JSON.stringify(answer.problems));
    return answer;
  }

  async audience(name: string, rule: object): Promise<void> {
    await this.mutate("audiences", "createAudience", { name, title: name, owner: "tests", rule });
    await this.mutate("audiences", "activateAudience", { name, version: 1 });
  }

  async purpose(name: string): Promise<void> {
    const input = { name, title: name, channels: ["EMAIL"] };
    await this.mutate("consent", "definePurpose", input);
  }

  async consent(namespace: string, value: string, purpose: string, kind: string): Promise<void> {
    const statedAt = this.platform.clock.now().toISOString();
    const identifier = { namespace, value };
    const input = { identifier, purpose, channel: "EMAIL", kind, method: "form", statedAt };
    await this.mutate("consent", "recordConsent", input);
  }

  async send(...events: Record<string, unknown>[]): Promise<void> {
    const timestamp = this.platform.clock.now().toISOString();
    const input = {
      source: "web",
      events: events.map((event) => ({ messageId: unique("m"), timestamp, ...event })),
    };
    await this.mutate("events", "ingestEvents", input, "accepted");
    await this.platform.settle();
  }

  async personOf(namespace: string, value: string): Promise<string> {
    const by = { identifier: { namespace, value } };
    const { person } = await this.ask<{ person: { id: string } | null }>(
      "identity",
      "query ($by: PersonBy!) { person(by: $by) { id } }",
      { by },
    );
    if (!person) throw new Error(`nobody has ${namespace} ${value}`);
    return person.id;
  }

  /** How somebody stands, as the subgraphs say it of living persons. */
  async standing(id: string): Promise<Standing> {
    const { person } = await this.ask<{ person: Pick<Standing, "traits"> }>(
      "identity",
      "query ($id: ID!) { person(by: { id: $id }) { traits { name value } } }",
      { id },
    );
    const of = [{ __typename: "Person", id }];
    const entities = (subgraph: string, fields: string) =>
      this.ask<{ _entities: Record<string, never>[] }>(
        subgraph,
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { ${fields} } } }`,
        { of },
      );
    type Member = { audience: { name: string } };
    type Decided = { purpose: string; channel: string; outcome: string };
    const members = await entities(
      "audiences",
      "audiences(first: 500) { nodes { audience { name } } }",
    );
    const decided = await entities("consent", "consentDecisions { purpose channel outcome }");
    const { audiences } = members._entities[0] as unknown as { audiences: { nodes: Member[] } };
    const { consentDecisions } = decided._entities[0] as unknown as { consentDecisions: Decided[] };
    return {
      id,
      traits: person.traits,
      audiences: audiences.nodes.map(({ audience }) => audience.name).sort(),
      decisions: Object.fromEntries(
        consentDecisions.map(({ purpose, channel, outcome }) => [`${purpose} ${channel}`, outcome]),
      ),
    };
  }

  async previewMerge(into: string, from: string[], scopes?: readonly Scope[]): Promise<Preview> {
    const { previewMerge } = await this.ask<{ previewMerge: Preview }>(
      "identity",
      `query PreviewMerge($into: ID!, $from: [ID!]!) {
        previewMerge(into: $into, from: $from) {
          allowed
          refusals { constraint message }
          traits { name value from }
          audiencesEntered { name }
          audiencesLeft { name }
          consentDecisions { purpose channel before after }
        }
      }`,
      { into, from },
      scopes,
    );
    return previewMerge;
  }

  stop(): Promise<void> {
    return this.platform.stop();
  }
}
