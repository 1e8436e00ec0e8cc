import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { PersonRecords } from "../service/person-records.ts";
import type { RecordIntake } from "../service/put-records.ts";
import type { KnownRecord } from "../store/records.ts";
import { PersonType } from "./person-type.ts";
import {
  PutRecordsInput,
  PutRecordsPayload,
  RecordConnection,
  toRecordType,
} from "./record-types.ts";

/** The sources' own entries about persons. */
@Resolver(() => PersonType)
export class RecordGraphResolver {
  private readonly intake: RecordIntake;
  private readonly personRecords: PersonRecords;

  constructor(intake: RecordIntake, personRecords: PersonRecords) {
    this.intake = intake;
    this.personRecords = personRecords;
  }

  @Mutation(() => PutRecordsPayload, {
    description:
      "Takes records of a source in, each as a whole; the same one again changes nothing. They are " +
      "matched with all others at once.",
  })
  @requires("identity:write")
  putRecords(
    @Arg("input", () => PutRecordsInput, { description: "Which records." })
    input: PutRecordsInput,
    @Ctx() context: RequestContext,
  ): Promise<PutRecordsPayload> {
    context.authorise("identity:write");
    return this.intake.put(
      input.source,
      input.records.map(({ kind, key, observedAt, identifiers, attributes }) => ({
        kind,
        key,
        observedAt: observedAt ?? null,
        identifiers: identifiers ?? [],
        attributes: attributes ?? null,
      })),
    );
  }

  @FieldResolver(() => RecordConnection, {
    description: "What the sources' own entries say about the person, first taken in first.",
  })
  @requires("profiles:read")
  async records(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first?: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string | null,
  ): Promise<RecordConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const all = await this.load(person.id, context);
    const start = Number(decodeCursor("records", after)?.[0] ?? -1);
    const rows = all.filter(({ id }) => id > start).slice(0, size + 1);
    const connection = toConnection(
      rows,
      size,
      ({ id }) => encodeCursor("records", [id]),
      (record) => toRecordType(record, context),
    );
    return { ...connection, totalCount: all.length };
  }

  private load(personId: string, context: RequestContext): Promise<readonly KnownRecord[]> {
    const loader = context.loader<string, readonly KnownRecord[]>("records", async (ids) => {
      const found = await this.personRecords.of(ids);
      return ids.map((id) => found.get(id) ?? []);
    });
    return loader.load(personId);
  }
}
