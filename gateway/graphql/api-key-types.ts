import { Field, ID, InputType, ObjectType } from "type-graphql";
import { connectionOf } from "../../kernel/federation/connection.ts";
import { ProblemType } from "../../kernel/federation/problem-type.ts";

@ObjectType("ApiKey", {
  description:
    "A key by which a program uses this API. Its secret is kept by nobody but its holder.",
})
export class ApiKeyType {
  @Field(() => ID, { description: "Address of the key." })
  id: string;

  @Field(() => String, { description: "What the key is for, in the words of who made it." })
  name: string;

  @Field(() => String, { description: "The first characters of the secret, to recognise it by." })
  prefix: string;

  @Field(() => [String], { description: "What the key may do." })
  scopes: string[];

  @Field(() => Date, { description: "When it was made." })
  createdAt: Date;

  @Field(() => Date, { nullable: true, description: "When it was revoked; null while it works." })
  revokedAt: Date | null;
}

@ObjectType("ApiKeyConnection", { description: "A page of API keys, newest first." })
export class ApiKeyConnection extends connectionOf("ApiKey", () => ApiKeyType) {}

@InputType({ description: "A key to make." })
export class CreateApiKeyInput {
  @Field(() => String, { description: "What it is for; 1 to 100 characters." })
  name: string;

  @Field(() => [String], {
    description: "What it may do, such as `profiles:read`; only scopes that you hold yourself.",
  })
  scopes: string[];
}

@ObjectType({ description: "The key that was made, or why none was." })
export class CreateApiKeyPayload {
  @Field(() => ApiKeyType, { nullable: true, description: "The key; null when it was refused." })
  apiKey: ApiKeyType | null;

  @Field(() => String, {
    nullable: true,
    description: "What to send as `Bearer`. Shown this once.",
  })
  secret: string | null;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when it was not." })
  problems: ProblemType[];
}

@InputType({ description: "A key to revoke." })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: "Address of the key." })
  id: string;
}

@ObjectType({ description: "The key that was revoked, or why it was not." })
export class RevokeApiKeyPayload {
  @Field(() => ApiKeyType, { nullable: true, description: "The key; null when there is none." })
  apiKey: ApiKeyType | null;

  @Field(() => [ProblemType], { description: "Why it was not revoked; empty when it was." })
  problems: ProblemType[];
}
