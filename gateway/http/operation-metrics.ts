import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { OperationOutcome } from "../execution/run-operation.ts";
import type { OpenStreams } from "./open-streams.ts";

/** What `/metrics` tells about operations. */
export class OperationMetrics {
  private readonly operations: Counter<"outcome">;
  private readonly seconds: Histogram;

  constructor(registry: Registry, streams: OpenStreams) {
    const registers = [registry];
    this.operations = new Counter({
      name: "selfsame_gateway_operations_total",
      help: "Operations of clients by what became of them: refused, unopened, result, partial, stream.",
      labelNames: ["outcome"],
      registers,
    });
    this.seconds = new Histogram({
      name: "selfsame_gateway_operation_seconds",
      help: "Time of an operation, for a subscription until it is open.",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    new Gauge({
      name: "selfsame_gateway_subscriptions",
      help: "Subscriptions that are open.",
      registers,
      collect() {
        this.set(streams.size);
      },
    });
  }

  async measure(run: () => Promise<OperationOutcome>): Promise<OperationOutcome> {
    const stop = this.seconds.startTimer();
    const outcome = await run();
    stop();
    const isPartial = outcome.kind === "result" && outcome.result.errors !== undefined;
    this.operations.inc({ outcome: isPartial ? "partial" : outcome.kind });
    return outcome;
  }
}
