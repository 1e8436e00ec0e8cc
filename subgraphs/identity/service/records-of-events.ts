import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { IdentifierReader } from "../domain/normalise-identifier.ts";
import { recordOfEvent } from "../domain/records/record-of-event.ts";
import type { SourceRecord } from "../domain/records/source-record.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import type { RecordIntake } from "./put-records.ts";

/** Takes in the records that events carry: kept with the events, matched and told right after. */
export class RecordsOfEvents {
  private readonly intake: Pick<RecordIntake, "tell">;
  private readonly refusals: { inc(): void };
  private readonly clock: Clock;
  private readonly logger: Logger;

  constructor(
    intake: Pick<RecordIntake, "tell">,
    refusals: { inc(): void },
    clock: Clock,
    logger: Logger,
  ) {
    this.intake = intake;
    this.refusals = refusals;
    this.clock = clock;
    this.logger = logger;
  }

  async take(
    graph: IdentityGraph,
    entries: readonly StreamEntry[],
    reader: IdentifierReader,
  ): Promise<void> {
    const records = entries.flatMap(({ payload }) => this.read(payload as AcceptedEvent, reader));
    if (records.length > 0) await graph.keepRecords(records, () => void this.tell(records));
  }

  private read(event: AcceptedEvent, reader: IdentifierReader): SourceRecord[] {
    const read = recordOfEvent(event, reader, this.clock.now());
    if (!read) return [];
    if (read.record) return [read.record];
    this.refusals.inc();
    return [];
  }

  /** What fails here waits for the next sweep. */
  private async tell(records: readonly SourceRecord[]): Promise<void> {
    try {
      await this.intake.tell(records);
    } catch (cause) {
      this.logger.warn("Records of events wait to be told to the graph", { cause });
    }
  }
}
