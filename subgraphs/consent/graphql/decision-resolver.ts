import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { Channel } from "../../../kernel/federation/channel.ts";
import { pageSize, toConnection } from "../../../kernel/federation/connection.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { normaliseIdentifier } from "../../../kernel/persons/normalise-identifier.ts";
import { requestFor } from "../domain/consent-request.ts";
import type {
  AnsweredDecision,
  ConsentReader,
  DecisionQuestion,
} from "../service/consent-reader.ts";
import { identifierOfKey } from "../service/announce-consent.ts";
import type { DecisionRequest } from "../service/decide-consent.ts";
import type { Statement } from "../store/consent-store.ts";
import type { OutcomeEnum } from "./consent-enums.ts";
import { ConsentDecisionRequest } from "./consent-inputs.ts";
import { ConsentPerson, DecisionType, StatementConnection } from "./consent-types.ts";
import { pageBounds, pageCursor, toStatement } from "./to-graphql.ts";

const requestsMax = 500;
const addressesMax = 500;
const purposesAskedMax = 100;

/** What may be done with whom: on the person, and in bulk for activation. */
@Resolver(() => ConsentPerson)
export class DecisionResolver {
  private readonly reader: ConsentReader;

  constructor(reader: ConsentReader) {
    this.reader = reader;
  }

  @Query(() => [DecisionType], {
    description: "One decision a request, in order; at most 500 requests. Asked before each send.",
  })
  @requires("profiles:read")
  async consentDecisionsFor(
    @Arg("requests", () => [ConsentDecisionRequest], { description: "What is to be judged." })
    requests: ConsentDecisionRequest[],
    @Ctx() context: RequestContext,
  ): Promise<DecisionType[]> {
    context.authorise("profiles:read");
    atMost(requestsMax, requests.length, "requests");
    return (await this.reader.decide(requests.map(toRequest))).map(toDecision);
  }

  @FieldResolver(() => [DecisionType], {
    nullable: true,
    description: "What may be done with the person, by purpose and channel.",
  })
  @requires("profiles:read")
  async consentDecisions(
    @Root() person: ConsentPerson,
    @Arg("purposes", () => [String], {
      nullable: true,
      description: "Names of purposes, at most 100; omitted: every one.",
    })
    purposes: string[] | undefined,
    @Arg("channel", () => Channel, {
      nullable: true,
      description: "Channel; omitted: one decision for each channel of the purpose.",
    })
    channel: Channel | undefined,
    @Ctx() context: RequestContext,
  ): Promise<DecisionType[]> {
    context.authorise("profiles:read");
    atMost(purposesAskedMax, purposes?.length ?? 0, "purposes");
    const loader = context.loader<DecisionQuestion, AnsweredDecision[]>(
      "consent-decisions",
      (questions) => this.reader.decisions(questions),
      (question) => JSON.stringify(question),
    );
    const question = { personId: person.id, purposes: purposes ?? null, channel: channel ?? null };
    return (await loader.load(question)).map(toDecision);
  }

  @FieldResolver(() => StatementConnection, {
    nullable: true,
    description: "What the person said about uses, newest first.",
  })
  @requires("profiles:read")
  async consentStatements(
    @Root() person: ConsentPerson,
    @Arg("first", () => Int, { nullable: true, description: "Page size, default 20, at most 500." })
    first: number | undefined,
    @Arg("after", () => String, { nullable: true, description: "Cursor of the page before." })
    after: string | undefined,
    @Ctx() context: RequestContext,
  ): Promise<StatementConnection> {
    context.authorise("profiles:read");
    const bounds = pageBounds("statements", pageSize(first), after);
    const loader = context.loader<string, Statement[]>(
      `consent-statements ${JSON.stringify(bounds)}`,
      (personIds) => this.reader.statements(personIds, bounds),
    );
    const rows = await loader.load(person.id);
    const cursor = (row: Statement) => pageCursor("statements", row.statedAt, row.id);
    return toConnection(rows, bounds.first, cursor, (row) => toStatement(context, row));
  }
}

function atMost(max: number, count: number, name: string): void {
  if (count <= max) return;
  throw new DomainError("BAD_INPUT", `At most ${max} ${name} at once.`, { details: { max } });
}

function toRequest(request: ConsentDecisionRequest): DecisionRequest {
  atMost(addressesMax, request.addresses.length, "addresses");
  const { personId, purpose, channel, operation, leavesOut } = request;
  const addresses = request.addresses
    .map(normaliseIdentifier)
    .filter((address) => address !== null)
    .map(identifierKey);
  const plain = requestFor(purpose, channel ?? null);
  return { ...plain, personId, operation, addresses, leavesOut };
}

function toDecision(decision: AnsweredDecision): DecisionType {
  const { personId, purpose, outcome, reasons, decidedAt } = decision;
  const channel = decision.channel as Channel | null;
  const leaveOut = decision.leaveOut.map(identifierOfKey);
  return {
    personId,
    purpose,
    channel,
    outcome: outcome as OutcomeEnum,
    reasons,
    leaveOut,
    decidedAt,
  };
}
