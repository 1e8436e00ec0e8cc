import { type Problem, problem } from "../../../../kernel/errors/problem.ts";
import type { AddressGuard } from "../outbound/address-guard.ts";

export interface WebhookSettings {
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  concurrency: number;
}

const urlLengthMax = 2_048;
const headersMax = 20;
const headerLengthMax = 4_096;
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/i;
const headerValue = /^[\t\x20-\x7e]*$/;
const reservedHeader =
  /^(host|connection|(content|transfer|proxy|webhook)-.*|upgrade|expect|te|trailer|keep-alive)$/i;

const timeoutMs = { default: 10_000, min: 100, max: 30_000 };
const concurrency = { default: 64, min: 1, max: 256 };

/** What a console shows to fill in, as JSON Schema. */
export const webhookForm = {
  type: "object",
  required: ["url"],
  additionalProperties: false,
  properties: {
    url: { type: "string", format: "uri", description: "Where to POST: http or https." },
    headers: {
      type: "object",
      additionalProperties: { type: "string" },
      maxProperties: headersMax,
      description: "Sent with every request; values are shown to nobody again.",
    },
    timeoutMs: {
      type: "integer",
      default: timeoutMs.default,
      minimum: timeoutMs.min,
      maximum: timeoutMs.max,
      description: "Milliseconds an attempt may take.",
    },
    concurrency: {
      type: "integer",
      default: concurrency.default,
      minimum: concurrency.min,
      maximum: concurrency.max,
      description: "Requests under way at once.",
    },
  },
};

/** The settings with their defaults; only for settings without problems. */
export function readWebhookSettings(settings: Record<string, unknown>): WebhookSettings {
  return {
    url: settings["url"] as string,
    headers: (settings["headers"] ?? {}) as Record<string, string>,
    timeoutMs: (settings["timeoutMs"] ?? timeoutMs.default) as number,
    concurrency: (settings["concurrency"] ?? concurrency.default) as number,
  };
}

export function webhookProblems(settings: Record<string, unknown>, guard: AddressGuard): Problem[] {
  const unknown = Object.keys(settings).filter(
    (key) => !Object.hasOwn(webhookForm.properties, key),
  );
  return [
    ...unknown.map((key) => refusal("UNKNOWN_SETTING", "A webhook has no such setting.", key)),
    ...urlProblems(settings["url"], guard),
    ...headersProblems(settings["headers"]),
    ...integerProblems("timeoutMs", settings["timeoutMs"], timeoutMs),
    ...integerProblems("concurrency", settings["concurrency"], concurrency),
  ];
}

function urlProblems(url: unknown, guard: AddressGuard): Problem[] {
  const wrong = refusal("INVALID_URL", "An absolute http or https URL is needed.", "url");
  if (typeof url !== "string" || url.length > urlLengthMax || !URL.canParse(url)) return [wrong];
  const parsed = new URL(url);
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return [wrong];
  if (parsed.username !== "" || parsed.password !== "") {
    return [refusal("INVALID_URL", "Put credentials into a header, not into the URL.", "url")];
  }
  if (guard.permitsHost(parsed.hostname)) return [];
  const message = "The address is not public; the operator can allow it with OUTBOUND_ALLOW.";
  return [refusal("ADDRESS_NOT_ALLOWED", message, "url")];
}

function headersProblems(headers: unknown): Problem[] {
  if (headers === undefined || headers === null) return [];
  if (typeof headers !== "object" || Array.isArray(headers)) {
    return [refusal("INVALID_HEADERS", "An object of names and texts is needed.", "headers")];
  }
  const entries = Object.entries(headers as Record<string, unknown>);
  if (entries.length > headersMax) {
    return [refusal("TOO_MANY", `At most ${headersMax} headers.`, "headers")];
  }
  return entries.flatMap(([name, value]) => {
    if (!headerName.test(name) || reservedHeader.test(name)) {
      return [
        refusal("INVALID_HEADER", "The name is no header name or is reserved.", "headers", name),
      ];
    }
    const usable =
      typeof value === "string" && value.length <= headerLengthMax && headerValue.test(value);
    return usable
      ? []
      : [refusal("INVALID_HEADER", "The value must be printable ASCII text.", "headers", name)];
  });
}

function integerProblems(
  name: string,
  value: unknown,
  bounds: { min: number; max: number },
): Problem[] {
  if (value === undefined || value === null) return [];
  const within = Number.isInteger(value) && (value as number) >= bounds.min;
  if (within && (value as number) <= bounds.max) return [];
  const message = `A whole number from ${bounds.min} to ${bounds.max} is needed.`;
  return [refusal("OUT_OF_BOUNDS", message, name)];
}

function refusal(code: string, message: string, ...path: string[]): Problem {
  return problem(code, message, ["settings", ...path]);
}
