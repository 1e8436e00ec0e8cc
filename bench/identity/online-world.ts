import "reflect-metadata";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { graphql } from "graphql";
import { readConfig } from "../../kernel/config/read-config.ts";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { type RunningPlatform, startPlatform } from "../../kernel/module/start-platform.ts";
import { allScopes } from "../../kernel/security/scopes.ts";
import { identityModule } from "../../subgraphs/identity/module.ts";

const batchRecords = 500;
const tellEachRecords = 5_000;

export interface BenchRecord {
  key: string;
  attributes: Record<string, string>;
}

/** The identity subgraph on an embedded engine of its own. */
export class OnlineWorld {
  private readonly running: RunningPlatform;
  private readonly folder: string;

  private constructor(running: RunningPlatform, folder: string) {
    this.folder = folder;
    this.running = running;
  }

  static async start(): Promise<OnlineWorld> {
    const folder = mkdtempSync(join(tmpdir(), "selfsame-records-"));
    const running = await startPlatform({
      config: readConfig({ LOG_LEVEL: "silent" }),
      logger: createLogger("warn"),
      modules: [identityModule],
      database: await openEmbeddedDatabase(folder),
    });
    return new OnlineWorld(running, folder);
  }

  async put(records: readonly BenchRecord[], tell: (done: number) => void): Promise<void> {
    for (let from = 0; from < records.length; from += batchRecords) {
      await this.putBatch(records.slice(from, from + batchRecords));
      const done = Math.min(from + batchRecords, records.length);
      if (done % tellEachRecords === 0 || done === records.length) tell(done);
    }
  }

  /** Waits until no training is under way. */
  async settle(): Promise<void> {
    for (;;) {
      const { matchingModel: model } = await this.ask<{
        matchingModel: { state: string; version: number } | null;
      }>("{ matchingModel { state version } }");
      const { matchingModels } = await this.ask<{
        matchingModels: { nodes: { state: string }[] };
      }>("{ matchingModels(first: 1) { nodes { state } } }");
      const newest = matchingModels.nodes[0]?.state;
      if (newest === undefined || newest === "ACTIVE" || newest === "FAILED") return;
      if (model === null && newest !== "TRAINING") return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** What records cost that come in beside all others, with no training meanwhile. */
  async measureOnline(records: readonly BenchRecord[], print: (text: string) => void) {
    const again = records.map(({ key, attributes }) => ({ key: `again-${key}`, attributes }));
    const cpu = process.cpuUsage();
    const begun = performance.now();
    for (let from = 0; from < again.length; from += 100)
      await this.putBatch(again.slice(from, from + 100));
    const used = process.cpuUsage(cpu);
    const each = (us: number) => (us / 1_000 / again.length).toFixed(2);
    const wall = ((performance.now() - begun) / again.length).toFixed(2);
    print(`  online: ${each(used.user + used.system)} ms CPU a record, ${wall} ms on the clock`);
  }

  async personsOf(keys: readonly string[]): Promise<string[]> {
    const names = keys.map((key) => `record:bench/PERSON/${key}`);
    const rows = await this.running.platform.database.query<{ key: string; person_id: string }>(
      "select key, person_id from identity.identifiers where key = any($1::text[])",
      [names],
    );
    const persons = new Map(rows.map(({ key, person_id }) => [key, person_id]));
    return names.map((name) => persons.get(name) ?? name);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async putBatch(records: readonly BenchRecord[]): Promise<void> {
    const input = {
      source: "bench",
      records: records.map((record) => ({ kind: "PERSON", ...record })),
    };
    const { putRecords } = await this.ask<{ putRecords: { accepted: number } }>(
      "mutation ($input: PutRecordsInput!) { putRecords(input: $input) { accepted } }",
      { input },
    );
    if (putRecords.accepted !== records.length) throw new Error("some records were refused");
  }

  private async ask<T>(source: string, variableValues: Record<string, unknown> = {}): Promise<T> {
    const { schema } = this.running.subgraphs.get("identity")!.schema;
    const contextValue = new RequestContext({ id: "bench", scopes: allScopes });
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    if (errors) throw errors[0]!;
    return data as T;
  }
}
