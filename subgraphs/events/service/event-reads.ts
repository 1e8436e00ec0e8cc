import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { Database } from "../../../kernel/database/database.ts";
import { limits } from "../domain/limits.ts";
import type { EventLog } from "../store/event-log.ts";
import type { SourceStore } from "../store/source-store.ts";

/** What is asked about single events. */
export class EventReads {
  private readonly database: Database;
  private readonly log: EventLog;
  private readonly sources: SourceStore;

  constructor(database: Database, log: EventLog, sources: SourceStore) {
    this.database = database;
    this.log = log;
    this.sources = sources;
  }

  /** The event with this message id, of the given source or of the first that has one. */
  async byMessageId(messageId: string, source: string | null): Promise<AcceptedEvent | null> {
    if (messageId.length > limits.messageIdCharactersMax) return null;
    const keys = (await this.sourceNames(source)).map((name) => `${name}/${messageId}`);
    const events = await this.log.byKeys(this.database, keys);
    return [...events.values()][0] ?? null;
  }

  private async sourceNames(source: string | null): Promise<string[]> {
    if (source !== null) return [source];
    const sources = await this.sources.page(this.database, null, limits.sourcesMax);
    return sources.map((one) => one.name);
  }
}
