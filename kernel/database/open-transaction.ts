import pg from "pg";
import { invariant } from "../errors/invariant.ts";
import { arrayLiteral } from "./array-literal.ts";
import type { Row, Statement, Transaction } from "./database.ts";
import { textArray, textArrayParameters } from "./text-array.ts";

// bigint as number (positions and counts stay far below 2^53), json and jsonb as text.
export const rowTypes = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === 20) return Number;
    if (oid === 114 || oid === 3802) return String;
    return pg.types.getTypeParser(oid, format as "text");
  },
} as pg.CustomTypesConfig;

/**
 * One transaction on a session of its own. Statements go out as they are asked for, the answers come in the same
 * order: so what nobody waits for costs no round trip.
 */
export class OpenTransaction implements Transaction {
  /** Of the first statement that failed unawaited: those after it say only that all is aborted. */
  failure: Error | undefined;
  private readonly client: pg.ClientBase;
  private readonly unanswered: Promise<unknown>[] = [];
  private readonly lastly: (() => Promise<void>)[] = [];
  private readonly actions: (() => void)[] = [];

  constructor(client: pg.ClientBase) {
    this.client = client;
    this.write("begin");
  }

  async query<R extends Row = Row>(
    statement: Statement | string,
    values?: unknown[],
  ): Promise<R[]> {
    return (await this.client.query<R>(toQuery(statement, values))).rows;
  }

  write(statement: Statement | string, values?: unknown[]): void {
    const sent = this.query(statement, values);
    sent.catch((error: Error) => {
      this.failure ??= error;
    });
    this.unanswered.push(sent);
  }

  atCommit<R extends Row = Row>(
    statement: Statement,
    values: unknown[],
    // With a callback in any case: `then?.(await …)` would not even send.
    then: (rows: R[]) => void = () => undefined,
  ): void {
    this.lastly.push(async () => then(await this.query<R>(statement, values)));
  }

  afterCommit(action: () => void): void {
    this.actions.push(action);
  }

  /** Sends what was kept for the commit with it, in one flight; throws unless all of it held. */
  async commit(): Promise<void> {
    const last = Promise.all([...this.unanswered, ...this.lastly.map((send) => send())]);
    const [{ command }] = await Promise.all([this.client.query("commit"), last]);
    invariant(command === "COMMIT", "a failed statement was passed over");
  }

  /** Gives the reason when the session is broken. */
  rollback(): Promise<Error | undefined> {
    return this.client.query("rollback").then(
      () => undefined,
      (reason: Error) => reason,
    );
  }

  /** To be called once it is. */
  committed(): void {
    for (const action of this.actions) action();
  }
}

export function toQuery(
  statement: Statement | string,
  values: unknown[] | undefined,
): pg.QueryConfig {
  const query: pg.QueryConfig =
    typeof statement === "string" ? { text: statement } : { ...statement };
  if (values) {
    const texts = textArrayParameters(query.text!);
    query.values = values.map((value, place) => parameter(value, texts.has(place + 1)));
  }
  return query;
}

function parameter(value: unknown, isTexts: boolean): unknown {
  if (!Array.isArray(value)) return value;
  return (isTexts ? textArray(value) : null) ?? arrayLiteral(value) ?? value;
}
