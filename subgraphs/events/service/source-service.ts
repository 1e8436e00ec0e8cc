import type { Database } from "../../../kernel/database/database.ts";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { limits } from "../domain/limits.ts";
import {
  checkSourceName,
  checkSourceTitle,
  type Source,
  type SourceKind,
} from "../domain/source.ts";
import type { SourceStore } from "../store/source-store.ts";
import { newWriteKey, type WriteKeys } from "./write-keys.ts";

/** A source and a write key that is never shown again. */
export interface SourceWithKey {
  source: Source;
  writeKey: string;
}

/** Defines the systems that may send events. */
export class SourceService {
  private readonly database: Database;
  private readonly store: SourceStore;
  private readonly keys: WriteKeys;
  private readonly clock: Clock;

  constructor(database: Database, store: SourceStore, keys: WriteKeys, clock: Clock) {
    this.database = database;
    this.store = store;
    this.keys = keys;
    this.clock = clock;
  }

  async create(asked: {
    name: string;
    title: string;
    kind: SourceKind;
  }): Promise<SourceWithKey | Problem[]> {
    const problems = [...checkSourceName(asked.name), ...checkSourceTitle(asked.title)];
    if (problems.length > 0) return problems;
    const createdAt = this.clock.now();
    const source: Source = { ...asked, title: asked.title.trim(), createdAt, disabledAt: null };
    const { writeKey, row } = newWriteKey(source.name, createdAt);
    const refused = await this.database.transaction(async (transaction) => {
      if ((await this.store.count(transaction)) >= limits.sourcesMax) return tooManySources;
      if (!(await this.store.insert(transaction, source))) return nameTaken(source.name);
      await this.store.insertKey(transaction, row);
      return null;
    });
    if (refused) return [refused];
    this.keys.invalidate();
    return { source, writeKey };
  }

  /** Gives the source another write key; the present ones stay, or are revoked at once. */
  async rotateKey(name: string, isRevoking: boolean): Promise<SourceWithKey | Problem[]> {
    const { writeKey, row } = newWriteKey(name, this.clock.now());
    const result = await this.database.transaction(async (transaction) => {
      const source = (await this.store.byNames(transaction, [name])).get(name);
      if (!source) return unknownSource(name);
      if (isRevoking) await this.store.revokeKeys(transaction, name, null, row.createdAt);
      const keys = await this.store.keysOf(transaction, [name]);
      if (keys.filter((key) => key.revokedAt === null).length >= limits.writeKeysPerSourceMax) {
        return tooManyKeys;
      }
      await this.store.insertKey(transaction, row);
      return source;
    });
    if ("code" in result) return [result];
    this.keys.invalidate();
    return { source: result, writeKey };
  }

  /** Revokes the key with this prefix. */
  async revokeKey(name: string, prefix: string): Promise<Source | Problem[]> {
    const source = (await this.store.byNames(this.database, [name])).get(name);
    if (!source) return [unknownSource(name)];
    const count = await this.store.revokeKeys(this.database, name, prefix, this.clock.now());
    if (count === 0) return [unknownKey];
    this.keys.invalidate();
    return source;
  }

  /** From now on nothing is taken from it; what came stays. */
  disable(name: string): Promise<Source | Problem[]> {
    return this.setDisabledAt(name, this.clock.now());
  }

  /** It may send again, with the keys it had. */
  enable(name: string): Promise<Source | Problem[]> {
    return this.setDisabledAt(name, null);
  }

  private async setDisabledAt(name: string, at: Date | null): Promise<Source | Problem[]> {
    await this.store.setDisabledAt(this.database, name, at);
    const source = (await this.store.byNames(this.database, [name])).get(name);
    if (!source) return [unknownSource(name)];
    this.keys.invalidate();
    return source;
  }

  async byName(name: string): Promise<Source | null> {
    return (await this.store.byNames(this.database, [name])).get(name) ?? null;
  }

  /** The source, when events may be taken from it; else the problem. */
  async usable(name: string): Promise<Source | Problem> {
    const source = await this.byName(name);
    if (!source) return unknownSource(name, ["source"]);
    if (source.disabledAt === null) return source;
    return problem("SOURCE_DISABLED", `The source ${name} is disabled.`, ["source"]);
  }
}

/** The problem of a name that no source has. */
export function unknownSource(name: string, path: string[] = ["name"]): Problem {
  return problem("UNKNOWN_SOURCE", `There is no source ${name.slice(0, 64)}.`, path);
}

function nameTaken(name: string): Problem {
  return problem("NAME_TAKEN", `There is a source ${name} already.`, ["name"]);
}

const tooManySources = problem("TOO_MANY", `There are ${limits.sourcesMax} sources already.`);
const tooManyKeys = problem(
  "TOO_MANY",
  `The source has ${limits.writeKeysPerSourceMax} write keys; revoke one first.`,
);
const unknownKey = problem("UNKNOWN_KEY", "The source has no such active write key.", ["prefix"]);
