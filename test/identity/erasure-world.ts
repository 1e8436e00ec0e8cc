import { allModules } from "../../gateway/all-modules.ts";
import type { Database } from "../../kernel/database/database.ts";
import { startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";

const problems = "problems { code message path }";

/** Every mutation the stories need: its subgraph and what is asked back. */
const mutations: Record<string, [subgraph: string, fields: string]> = {
  createSource: ["events", problems],
  registerContract: ["events", problems],
  ingestEvents: [
    "events",
    `accepted duplicates quarantined rejected { problems { code } } ${problems}`,
  ],
  definePurpose: ["consent", problems],
  recordConsent: ["consent", problems],
  suppress: ["consent", problems],
  createAudience: ["audiences", problems],
  activateAudience: ["audiences", problems],
  createExperiment: ["experiments", problems],
  startExperiment: ["experiments", problems],
  createDestination: ["activation", `signingSecret ${problems}`],
  createSync: ["activation", problems],
  putRecords: ["identity", `accepted rejected { problems { code } } ${problems}`],
  mergePersons: ["identity", `change { id } ${problems}`],
  revertIdentityChange: ["identity", problems],
  erase: ["identity", `erasure { id state stores { name state } } ${problems}`],
};

export interface ErasureView {
  id: string;
  state: string;
  stores: { name: string; state: string }[];
}

/** All subgraphs in one process, and words for stories about forgetting. */
export class ErasureWorld {
  readonly platform: TestPlatform;

  constructor(platform: TestPlatform) {
    this.platform = platform;
  }

  static async start(environment: Record<string, string> = {}): Promise<ErasureWorld> {
    const world = new ErasureWorld(await startTestPlatform(allModules, { environment }));
    await world.do("createSource", { name: "web", title: "Web", kind: "WEBSITE" });
    return world;
  }

  async ask<T>(subgraph: string, document: string, variables: object = {}): Promise<T> {
    const { data, errors } = await this.platform.ask<T>(
      subgraph,
      document,
      variables as Record<string, unknown>,
    );
    if (errors?.length) throw errors[0];
    return data!;
  }

  async do<T = Record<string, unknown>>(name: string, input: object): Promise<T> {
    const [subgraph, fields] = mutations[name]!;
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${name}(input: $input) { ${fields} } }`;
    return (await this.ask<Record<string, T>>(subgraph, document, { input }))[name]!;
  }

  async send(...events: object[]) {
    const answer = await this.do<{
      accepted: number;
      duplicates: number;
      rejected: { problems: { code: string }[] }[];
    }>("ingestEvents", { source: "web", events });
    await this.platform.settle();
    return answer;
  }

  async personOf(namespace: string, value: string): Promise<string | null> {
    const { person } = await this.ask<{ person: { id: string } | null }>(
      "identity",
      "query ($by: PersonBy!) { person(by: $by) { id } }",
      { by: { identifier: { namespace, value } } },
    );
    return person?.id ?? null;
  }

  /** Asks for an erasure and waits until it is done. */
  async erase(subject: object): Promise<ErasureView> {
    const answer = await this.do<{ erasure: ErasureView | null; problems: unknown[] }>("erase", {
      subject,
      reason: "Request 4711",
    });
    if (!answer.erasure) throw new Error(JSON.stringify(answer.problems));
    const { id } = answer.erasure;
    for (let tries = 0; tries < 2_000; tries += 1) {
      const { erasure } = await this.ask<{ erasure: ErasureView }>(
        "identity",
        "query ($id: ID!) { erasure(id: $id) { id state stores { name state } } }",
        { id },
      );
      if (erasure.state === "DONE") {
        await this.platform.settle();
        return erasure;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error("the erasure did not end");
  }

  /** Places in the database whose text holds one of the values, in any schema. */
  traces(values: readonly string[]): Promise<string[]> {
    return tracesIn(this.platform.database, values);
  }

  stop(): Promise<void> {
    return this.platform.stop();
  }
}

export async function tracesIn(database: Database, values: readonly string[]): Promise<string[]> {
  const columns = await database.query<{
    place: string;
    schema: string;
    name: string;
    col: string;
  }>(
    `select table_schema || '.' || table_name || '.' || column_name as place,
       table_schema as schema, table_name as name, column_name as col
     from information_schema.columns
     where table_schema not in ('pg_catalog', 'information_schema')
       and data_type in ('text', 'character varying', 'ARRAY', 'json', 'jsonb')`,
  );
  const found: string[] = [];
  for (const { place, schema, name, col } of columns) {
    for (const value of values) {
      const rows = await database.query(
        `select "${col}"::text as text from "${schema}"."${name}"
         where position(lower($1) in lower("${col}"::text)) > 0 limit 1`,
        [value],
      );
      if (rows.length > 0) found.push(`${place}: ${value} in ${String(rows[0]!.text)}`);
    }
  }
  return found;
}
