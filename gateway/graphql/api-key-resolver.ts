import { Arg, Ctx, Int, Mutation, Query, Resolver } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../kernel/federation/connection.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { requires } from "../../kernel/federation/requires.ts";
import { ApiKeys } from "../service/api-keys.ts";
import {
  ApiKeyConnection,
  CreateApiKeyInput,
  CreateApiKeyPayload,
  RevokeApiKeyInput,
  RevokeApiKeyPayload,
} from "./api-key-types.ts";

@Resolver()
export class ApiKeyResolver {
  private readonly apiKeys: ApiKeys;

  constructor(apiKeys: ApiKeys) {
    this.apiKeys = apiKeys;
  }

  @Query(() => ApiKeyConnection, {
    name: "apiKeys",
    description: "The API keys, newest first, revoked ones included.",
  })
  @requires("keys:write")
  async apiKeyPage(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Keys a page, at most 500; 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
  ): Promise<ApiKeyConnection> {
    context.authorise("keys:write");
    const size = pageSize(first);
    const key = decodeCursor("apiKeys", after);
    const rows = await this.apiKeys.list(size + 1, key ? String(key[0]) : null);
    return toConnection(
      rows,
      size,
      (row) => encodeCursor("apiKeys", [row.id]),
      (row) => row,
    );
  }

  @Mutation(() => CreateApiKeyPayload, {
    description: "Makes an API key; its secret is shown once.",
  })
  @requires("keys:write")
  async createApiKey(
    @Ctx() context: RequestContext,
    @Arg("input", () => CreateApiKeyInput, { description: "The key to make." })
    input: CreateApiKeyInput,
  ): Promise<CreateApiKeyPayload> {
    context.authorise("keys:write");
    const made = await this.apiKeys.create(input, context.principal);
    if (Array.isArray(made)) return { apiKey: null, secret: null, problems: made };
    return { ...made, problems: [] };
  }

  @Mutation(() => RevokeApiKeyPayload, {
    description: "Revokes an API key: it works no more, and its subscriptions end within a second.",
  })
  @requires("keys:write")
  async revokeApiKey(
    @Ctx() context: RequestContext,
    @Arg("input", () => RevokeApiKeyInput, { description: "The key to revoke." })
    input: RevokeApiKeyInput,
  ): Promise<RevokeApiKeyPayload> {
    context.authorise("keys:write");
    const revoked = await this.apiKeys.revoke(input.id);
    if (Array.isArray(revoked)) return { apiKey: null, problems: revoked };
    return { apiKey: revoked, problems: [] };
  }
}
