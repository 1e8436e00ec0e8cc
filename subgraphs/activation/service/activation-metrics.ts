import { Counter, Histogram, type Registry } from "prom-client";

/** Figures of this subgraph for `/metrics`. */
export class ActivationMetrics {
  readonly attempts: Counter<"destination" | "outcome">;
  readonly settled: Counter<"destination" | "status">;
  readonly held: Counter<"because">;
  readonly attemptSeconds: Histogram<"destination">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.attempts = new Counter({
      name: "selfsame_activation_attempts_total",
      help: "Attempts to deliver, by destination and outcome",
      labelNames: ["destination", "outcome"],
      registers,
    });
    this.settled = new Counter({
      name: "selfsame_activation_deliveries_total",
      help: "Deliveries that reached a status, by destination",
      labelNames: ["destination", "status"],
      registers,
    });
    this.held = new Counter({
      name: "selfsame_activation_held_total",
      help: "Due deliveries not tried because another subgraph could not be asked",
      labelNames: ["because"],
      registers,
    });
    this.attemptSeconds = new Histogram({
      name: "selfsame_activation_attempt_seconds",
      help: "Duration of attempts, by destination",
      labelNames: ["destination"],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
      registers,
    });
  }
}
