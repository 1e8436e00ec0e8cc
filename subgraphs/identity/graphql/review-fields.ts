import { Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { IdentifierRefType } from "../../../kernel/federation/identifier-ref.ts";
import { maskText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import type { Explanations } from "../service/explanations.ts";
import type { PersonRecords } from "../service/person-records.ts";
import type { Profiles } from "../service/profiles.ts";
import type { ReviewConsequences, ReviewEffect } from "../service/review-consequences.ts";
import type { PersonRow } from "../store/identity-reader.ts";
import { IdentityRefusalType } from "./explanation-types.ts";
import { PersonType, toPersonType } from "./person-type.ts";
import { RecordType, toRecordType } from "./record-types.ts";
import {
  ReviewConsequencesType,
  ReviewItemConnection,
  ReviewItemType,
  ReviewSideType,
} from "./review-types.ts";

/** Records of one side that are shown. */
const recordsMax = 50;

/** The sides of a question as they are now; read only where they are asked for. */
@Resolver(() => ReviewSideType)
export class ReviewSideFields {
  private readonly profiles: Profiles;
  private readonly kept: PersonRecords;

  constructor(profiles: Profiles, records: PersonRecords) {
    this.profiles = profiles;
    this.kept = records;
  }

  @FieldResolver(() => PersonType, { nullable: true, description: "Who it is now." })
  async person(
    @Root() { keys }: ReviewSideType,
    @Ctx() context: RequestContext,
  ): Promise<PersonType | null> {
    const row = await this.personOf(keys, context);
    return row && toPersonType(row);
  }

  @FieldResolver(() => [IdentifierRefType], {
    description: "The identifiers in question; values are masked without `pii:read`.",
  })
  identifiers(
    @Root() { keys }: ReviewSideType,
    @Ctx() context: RequestContext,
  ): IdentifierRefType[] {
    return keys.map((key) => {
      const { namespace, value } = refOf(key);
      return { namespace, value: maskText(context, value) };
    });
  }

  @FieldResolver(() => [RecordType], {
    description:
      "The records in question; where it is not about records, the person's; at most 50.",
  })
  async records(
    @Root() { keys }: ReviewSideType,
    @Ctx() context: RequestContext,
  ): Promise<RecordType[]> {
    const behind = context.loader("review-records", async (asked: readonly string[]) => {
      const found = await this.kept.behind(asked);
      return asked.map((key) => found.get(key) ?? null);
    });
    const named = (await Promise.all(keys.map((key) => behind.load(key)))).filter((each) => !!each);
    const shown = named.length > 0 ? named : await this.recordsOf(keys, context);
    return shown.slice(0, recordsMax).map((record) => toRecordType(record, context));
  }

  private async recordsOf(keys: readonly string[], context: RequestContext) {
    const person = await this.personOf(keys, context);
    if (!person) return [];
    const loader = context.loader("review-person-records", async (ids: readonly string[]) => {
      const found = await this.kept.of(ids);
      return ids.map((id) => found.get(id) ?? []);
    });
    return loader.load(person.id);
  }

  private personOf([key]: readonly string[], context: RequestContext): Promise<PersonRow | null> {
    const loader = context.loader("review-persons", async (keys: readonly string[]) => {
      const found = await this.profiles.personsByKey(keys);
      return keys.map((each) => found.get(each) ?? null);
    });
    return loader.load(key!);
  }
}

function refOf(key: string): { namespace: string; value: string } {
  const cut = key.indexOf(":");
  return { namespace: key.slice(0, cut), value: key.slice(cut + 1) };
}

/** What a question is about, and what hangs on the answer. */
@Resolver(() => ReviewItemType)
export class ReviewItemFields {
  private readonly explanations: Explanations;
  private readonly consequencesOf: ReviewConsequences;

  constructor(explanations: Explanations, consequencesOf: ReviewConsequences) {
    this.explanations = explanations;
    this.consequencesOf = consequencesOf;
  }

  @FieldResolver(() => [ReviewSideType], { description: "The two who may be one person." })
  sides(@Root() { question }: ReviewItemType): ReviewSideType[] {
    return question.sides.map((keys) => ({ keys }));
  }

  @FieldResolver(() => [IdentityRefusalType], {
    description: "What keeps the two apart as of now, in the words of `explainIdentity`.",
  })
  async refusals(@Root() { question }: ReviewItemType): Promise<IdentityRefusalType[]> {
    const [left, right] = question.item.sides.map(refOf);
    return (await this.explanations.explain(left!, right!)).refusals;
  }

  @FieldResolver(() => ReviewConsequencesType, {
    nullable: true,
    description: "What would change if they were one person; null when it cannot be told.",
  })
  async consequences(
    @Root() { question }: ReviewItemType,
    @Ctx() context: RequestContext,
  ): Promise<ReviewConsequencesType | null> {
    const loader = context.loader<readonly [string, string], ReviewEffect | null>(
      "review-consequences",
      (pairs) => this.consequencesOf.of(pairs),
      (sides) => sides.join("\u0001"),
    );
    const { sides } = question;
    const effect = await loader.load([sides[0][0]!, sides[1][0]!]);
    const named = (name: string) => ({ name });
    return (
      effect && {
        persons: effect.persons,
        audiences: effect.audiences.map(named),
        destinations: effect.destinations.map(named),
      }
    );
  }
}

@Resolver(() => ReviewItemConnection)
export class ReviewConnectionFields {
  @FieldResolver(() => Int, { description: "How many there are in all." })
  totalCount(@Root() { count }: ReviewItemConnection): Promise<number> {
    return count();
  }
}
