import { type Environment, Reader, type Secret } from "../../kernel/config/read-config.ts";
import { durationToMs } from "../../kernel/time/duration.ts";
import type { RetrySchedule } from "./domain/retry-schedule.ts";

/** Settings of this subgraph alone. */
export interface ActivationConfig {
  /**
   * Pauses between attempts, ISO 8601 durations with commas. ACTIVATION_RETRY_PAUSES, 1–30 entries,
   * default PT1S,PT5S,PT25S,PT2M,PT10M,PT1H,PT4H,PT12H: nine attempts over 17 hours.
   */
  retry: RetrySchedule;
  /** Days a settled delivery stays in the ledger. ACTIVATION_LEDGER_DAYS, 1–3650, default 30. */
  ledgerDays: number;
  /** Seals signing secrets and settings at rest; at least 32 characters. ACTIVATION_SECRETS_KEY. */
  secretsKey: Secret | null;
}

const pausesDefault = ["PT1S", "PT5S", "PT25S", "PT2M", "PT10M", "PT1H", "PT4H", "PT12H"];
const pausesMax = 30;
const retryAfterMsMax = 60 * 60 * 1_000;

/** Reads and checks them; throws SettingsError with every problem. */
export function readActivationConfig(environment: Environment): ActivationConfig {
  const reader = new Reader(environment);
  const pauses = (reader.list("ACTIVATION_RETRY_PAUSES") ?? pausesDefault).map(durationToMs);
  const usable = pauses.filter((pause): pause is number => pause !== null);
  if (usable.length !== pauses.length || usable.length === 0 || usable.length > pausesMax) {
    reader.problems.push("ACTIVATION_RETRY_PAUSES must be 1 to 30 durations such as PT1S,PT5S.");
  }
  const settings = {
    retry: { pausesMs: usable, retryAfterMsMax },
    ledgerDays: reader.integer("ACTIVATION_LEDGER_DAYS", 30, 1, 3_650),
    secretsKey: reader.secret("ACTIVATION_SECRETS_KEY", 32),
  };
  reader.finish();
  return settings;
}
