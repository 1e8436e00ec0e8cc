import { Counter, Gauge, type Registry } from "prom-client";
import type { EventWriter } from "./event-writer.ts";
import type { CountedResult, IngestionCounts } from "./source-statistics.ts";

/** Counts what came in for `/metrics`, and passes it on. */
export class IngestionMetrics implements IngestionCounts {
  private readonly next: IngestionCounts;
  private readonly events: Counter<"outcome">;

  constructor(registry: Registry, writer: EventWriter, next: IngestionCounts) {
    this.next = next;
    this.events = new Counter({
      name: "selfsame_events_received_total",
      help: "Events received, by what became of them",
      labelNames: ["outcome"],
      registers: [registry],
    });
    new Gauge({
      name: "selfsame_events_waiting",
      help: "Events that wait to be written",
      registers: [registry],
      collect() {
        this.set(writer.waitingRows);
      },
    });
  }

  add(source: string, result: CountedResult, at: Date): void {
    this.events.inc({ outcome: "accepted" }, result.accepted);
    this.events.inc({ outcome: "duplicate" }, result.duplicates);
    this.events.inc({ outcome: "quarantined" }, result.quarantined);
    this.events.inc({ outcome: "rejected" }, result.rejected.length);
    this.next.add(source, result, at);
  }
}
