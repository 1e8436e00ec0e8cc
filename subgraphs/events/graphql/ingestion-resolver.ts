import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Problem } from "../../../kernel/errors/problem.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { cleanText } from "../domain/clean-json.ts";
import { readEventList } from "../domain/read-request.ts";
import type { Ingestion } from "../service/ingestion.ts";
import type { SourceService } from "../service/source-service.ts";
import { IngestEventsInput, IngestEventsPayload } from "./ingestion-types.ts";

@Resolver()
export class IngestionResolver {
  private readonly ingestion: Ingestion;
  private readonly sources: SourceService;

  constructor(ingestion: Ingestion, sources: SourceService) {
    this.ingestion = ingestion;
    this.sources = sources;
  }

  @Mutation(() => IngestEventsPayload, {
    description:
      "Takes events, as `/v1/batch` does; answers when they are on disk. Each event stands for itself.",
  })
  @requires("events:write")
  async ingestEvents(
    @Ctx() context: RequestContext,
    @Arg("input", () => IngestEventsInput, { description: "The events, and where they come from." })
    input: IngestEventsInput,
  ): Promise<IngestEventsPayload> {
    context.authorise("events:write");
    const request = readEventList(input.events);
    if ("code" in request) return refused(request);
    const source = await this.sources.usable(cleanText(input.source));
    if ("code" in source) return refused(source);
    return { ...(await this.ingestion.ingest(source.name, request)), problems: [] };
  }
}

function refused(problem: Problem): IngestEventsPayload {
  return { accepted: 0, duplicates: 0, quarantined: 0, rejected: [], problems: [problem] };
}
