import neo4j from "neo4j-driver";
import type { Config } from "../../kernel/config/read-config.ts";
import { DomainError } from "../../kernel/errors/domain-error.ts";

const connectMsMax = 5_000;

/** Throws UNAVAILABLE, naming the address and the reason, when Neo4j does not let us in. */
export async function checkNeo4j(settings: NonNullable<Config["neo4j"]>): Promise<void> {
  const { uri, username, password } = settings;
  const auth = neo4j.auth.basic(username, password.reveal());
  const driver = neo4j.driver(uri, auth, {
    connectionTimeout: connectMsMax,
    connectionAcquisitionTimeout: connectMsMax,
    maxTransactionRetryTime: connectMsMax,
  });
  try {
    await driver.verifyConnectivity();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("Caused by: ").at(-1) : "no answer";
    const message = `Neo4j at ${new URL(uri).host} cannot be used: ${reason}`;
    throw new DomainError("UNAVAILABLE", message, { retryable: true, cause });
  } finally {
    await driver.close();
  }
}
