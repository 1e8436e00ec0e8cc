import { Arg, Ctx, Int, Mutation, Query, Resolver } from "type-graphql";
import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { pageSize, toConnection } from "../../../kernel/federation/connection.ts";
import { IdentifierInput } from "../../../kernel/federation/identifier-ref.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { normaliseIdentifier } from "../../../kernel/persons/normalise-identifier.ts";
import type { ConsentReader } from "../service/consent-reader.ts";
import type { ConsentService } from "../service/consent-service.ts";
import {
  DefinePurposeInput,
  LiftSuppressionInput,
  RecordConsentInput,
  SuppressInput,
} from "./consent-inputs.ts";
import {
  DefinePurposePayload,
  LiftSuppressionPayload,
  PurposeType,
  RecordConsentPayload,
  SuppressionConnection,
  SuppressPayload,
} from "./consent-types.ts";
import { pageBounds, pageCursor, toPurpose, toStatement, toSuppression } from "./to-graphql.ts";

/** Purposes, statements and suppressions. */
@Resolver()
export class ConsentResolver {
  private readonly service: ConsentService;
  private readonly reader: ConsentReader;

  constructor(service: ConsentService, reader: ConsentReader) {
    this.service = service;
    this.reader = reader;
  }

  @Query(() => [PurposeType], { description: "Every purpose, by name; at most 500." })
  @requires("profiles:read")
  async purposes(@Ctx() context: RequestContext): Promise<PurposeType[]> {
    context.authorise("profiles:read");
    return (await this.reader.purposes()).map(toPurpose);
  }

  @Query(() => PurposeType, { nullable: true, description: "The purpose of that name." })
  @requires("profiles:read")
  async purpose(
    @Arg("name", () => String, { description: "Its name; case does not matter." }) name: string,
    @Ctx() context: RequestContext,
  ): Promise<PurposeType | null> {
    context.authorise("profiles:read");
    const purpose = await this.reader.purpose(name);
    return purpose ? toPurpose(purpose) : null;
  }

  @Query(() => SuppressionConnection, { description: "Suppressions, newest first." })
  @requires("profiles:read")
  async suppressions(
    @Arg("identifier", () => IdentifierInput, { nullable: true, description: "Of that address." })
    identifier: IdentifierInput | undefined,
    @Arg("first", () => Int, { nullable: true, description: "Page size, default 20, at most 500." })
    first: number | undefined,
    @Arg("after", () => String, { nullable: true, description: "Cursor of the page before." })
    after: string | undefined,
    @Ctx() context: RequestContext,
  ): Promise<SuppressionConnection> {
    context.authorise("profiles:read");
    const bounds = pageBounds("suppressions", pageSize(first), after);
    const address = identifier ? normaliseIdentifier(identifier) : null;
    if (identifier && !address) {
      throw new DomainError("BAD_INPUT", "This is no identifier of that namespace.");
    }
    const rows = await this.reader.suppressions(address && identifierKey(address), bounds);
    const cursor = (row: (typeof rows)[number]) =>
      pageCursor("suppressions", row.createdAt, row.id);
    return toConnection(rows, bounds.first, cursor, (row) => toSuppression(context, row));
  }

  @Mutation(() => DefinePurposePayload, { description: "Defines a purpose, or defines it anew." })
  @requires("consent:write")
  async definePurpose(
    @Arg("input", () => DefinePurposeInput, { description: "The purpose." })
    input: DefinePurposeInput,
    @Ctx() context: RequestContext,
  ): Promise<DefinePurposePayload> {
    context.authorise("consent:write");
    const { name, title, basis } = input;
    const channels = [...new Set<string>(input.channels)];
    const categories = [...new Set(input.categories)];
    const definition = { name, title, basis, channels, categories };
    const { result, problems } = await this.service.definePurpose(definition);
    return { purpose: result && toPurpose(result), problems };
  }

  @Mutation(() => RecordConsentPayload, { description: "Writes down what somebody said." })
  @requires("consent:write")
  async recordConsent(
    @Arg("input", () => RecordConsentInput, { description: "The statement." })
    input: RecordConsentInput,
    @Ctx() context: RequestContext,
  ): Promise<RecordConsentPayload> {
    context.authorise("consent:write");
    const { identifier, purpose, kind, method } = input;
    const { result, problems } = await this.service.recordConsent({
      identifier,
      purpose,
      kind,
      method,
      channel: input.channel ?? null,
      statedAt: input.statedAt ?? null,
      expiresAt: input.expiresAt ?? null,
      source: input.source ?? null,
      actor: context.principal.id,
    });
    return { statement: result && toStatement(context, result), problems };
  }

  @Mutation(() => SuppressPayload, { description: "Lets nothing go to an address any more." })
  @requires("consent:write")
  async suppress(
    @Arg("input", () => SuppressInput, { description: "The address, and why." })
    input: SuppressInput,
    @Ctx() context: RequestContext,
  ): Promise<SuppressPayload> {
    context.authorise("consent:write");
    const { identifier, reason } = input;
    const { result, problems } = await this.service.suppress({
      identifier,
      reason,
      channel: input.channel ?? null,
      note: input.note ?? null,
      actor: context.principal.id,
    });
    return { suppression: result && toSuppression(context, result), problems };
  }

  @Mutation(() => LiftSuppressionPayload, { description: "Ends what was suppressed." })
  @requires("consent:write")
  async liftSuppression(
    @Arg("input", () => LiftSuppressionInput, { description: "The address." })
    input: LiftSuppressionInput,
    @Ctx() context: RequestContext,
  ): Promise<LiftSuppressionPayload> {
    context.authorise("consent:write");
    const { result, problems } = await this.service.liftSuppression({
      identifier: input.identifier,
      channel: input.channel ?? null,
      reason: input.reason ?? null,
      actor: context.principal.id,
    });
    return { suppressions: (result ?? []).map((one) => toSuppression(context, one)), problems };
  }
}
