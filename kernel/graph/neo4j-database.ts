import {
  auth,
  type BookmarkManager,
  bookmarkManager,
  type Driver,
  driver as createDriver,
  type ManagedTransaction,
  type Session,
} from "neo4j-driver";
import { DomainError } from "../errors/domain-error.ts";
import type { GraphDatabase, GraphRow, GraphTransaction } from "./graph-database.ts";
import { gatherWrites } from "./gather-writes.ts";
import { toGraphError } from "./graph-errors.ts";
import { versionProblem } from "./server-version.ts";

const defaultPort = 7687;
const connectTimeoutMs = 5_000;
const acquireTimeoutMs = 10_000;
const retryTimeMsMax = 10_000;
const transactionTimeoutMs = 60_000;
const connectionsMax = 20;
/** All rows of a statement at once: every statement bounds its rows itself. */
const fetchAll = -1;

export interface Neo4jOptions {
  /** `bolt://` for one server, `neo4j://` for a cluster. */
  uri: string;
  username: string;
  password: string;
}

/** Connects to Neo4j 5.26 or later. Throws UNAVAILABLE, naming host and reason, never the password. */
export async function openNeo4jDatabase(options: Neo4jOptions): Promise<GraphDatabase> {
  const { host, port } = new URL(options.uri);
  const driver = createDriver(options.uri, auth.basic(options.username, options.password), {
    disableLosslessIntegers: true,
    connectionTimeout: connectTimeoutMs,
    connectionAcquisitionTimeout: acquireTimeoutMs,
    maxTransactionRetryTime: retryTimeMsMax,
    maxConnectionPoolSize: connectionsMax,
    telemetryDisabled: true,
    userAgent: "selfsame",
  });
  const database = new Neo4jDatabase(host, driver, gatherWrites(Number(port) || defaultPort));
  try {
    await database.check();
    await database.checkVersion();
    return database;
  } catch (error) {
    await database.close().catch(() => undefined);
    if (!(error instanceof DomainError)) throw error;
    const message = error.message.replace("Neo4j", `Neo4j at ${host}`);
    throw new DomainError("UNAVAILABLE", message, { retryable: true, cause: error });
  }
}

class Neo4jDatabase implements GraphDatabase {
  readonly host: string;
  private readonly driver: Driver;
  private readonly onClose: () => void;
  /** What this process wrote is seen by what it reads next, on a cluster too. */
  private readonly bookmarks: BookmarkManager = bookmarkManager();

  constructor(host: string, driver: Driver, onClose: () => void) {
    this.onClose = onClose;
    this.host = host;
    this.driver = driver;
  }

  read<T>(work: (transaction: GraphTransaction) => Promise<T>): Promise<T> {
    return this.inSession("READ", (session) =>
      session.executeRead((tx) => OpenTransaction.through(tx, work), {
        timeout: transactionTimeoutMs,
      }),
    );
  }

  write<T>(work: (transaction: GraphTransaction) => Promise<T>): Promise<T> {
    return this.inSession("WRITE", (session) =>
      session.executeWrite((tx) => OpenTransaction.through(tx, work), {
        timeout: transactionTimeoutMs,
      }),
    );
  }

  async define(cypher: string): Promise<void> {
    await this.inSession("WRITE", (session) => session.run(cypher));
  }

  async check(): Promise<void> {
    try {
      await this.driver.verifyConnectivity();
      await this.driver.verifyAuthentication();
    } catch (error) {
      throw toGraphError(error, this.host);
    }
  }

  async checkVersion(): Promise<void> {
    const { agent } = await this.driver.getServerInfo();
    const problem = versionProblem(agent);
    if (problem) throw new DomainError("UNAVAILABLE", `Neo4j cannot be used: ${problem}`);
  }

  async close(): Promise<void> {
    this.onClose();
    await this.driver.close();
  }

  private async inSession<T>(
    defaultAccessMode: "READ" | "WRITE",
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const session = this.driver.session({
      defaultAccessMode,
      bookmarkManager: this.bookmarks,
      fetchSize: fetchAll,
    });
    try {
      return await work(session);
    } catch (error) {
      throw toGraphError(error, this.host);
    } finally {
      await session.close().catch(() => undefined);
    }
  }
}

class OpenTransaction implements GraphTransaction {
  private readonly tx: ManagedTransaction;
  private readonly sent: Promise<void>[] = [];
  /** Of the first statement that failed while nobody waited for it. */
  private failure: { error: unknown } | null = null;

  private constructor(tx: ManagedTransaction) {
    this.tx = tx;
  }

  /** Does the work and waits for what it has sent. */
  static async through<T>(
    tx: ManagedTransaction,
    work: (transaction: GraphTransaction) => Promise<T>,
  ): Promise<T> {
    const open = new OpenTransaction(tx);
    try {
      return await work(open);
    } finally {
      // What fails after another one only says that the transaction is over: the first says why.
      await open.arrived();
    }
  }

  async run<R extends GraphRow>(cypher: string, parameters: GraphRow = {}): Promise<R[]> {
    const { records } = await this.tx.run<R>(cypher, parameters);
    return records.map((record) => record.toObject());
  }

  write(cypher: string, parameters: GraphRow = {}): void {
    const end = this.tx.run(cypher, parameters).then(
      () => undefined,
      (error: unknown) => {
        this.failure ??= { error };
      },
    );
    this.sent.push(end);
  }

  private async arrived(): Promise<void> {
    await Promise.all(this.sent);
    if (this.failure) throw this.failure.error;
  }
}
