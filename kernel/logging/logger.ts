import pino from "pino";

/**
 * Structured logs on standard error: a constant message, then fields. Never personal data: name people by
 * person id, identifiers not at all. error = somebody must act now; warn = healed itself; info = a
 * business fact, bounded per batch; debug = off in production.
 */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  child(fields: Record<string, unknown>): Logger;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export function createLogger(level: LogLevel): Logger {
  return wrap(pino({ level, base: null }, pino.destination({ dest: 2, sync: true })));
}

function wrap(target: pino.Logger): Logger {
  return {
    debug: (message, fields) => target.debug(clean(fields), message),
    info: (message, fields) => target.info(clean(fields), message),
    warn: (message, fields) => target.warn(clean(fields), message),
    error: (message, fields) => target.error(clean(fields), message),
    child: (fields) => wrap(target.child(fields)),
  };
}

/** Errors behind an error that are logged with it. */
const causesMax = 2;

/** Errors of the database quote values in `detail` and `where`; only what cannot quote them is kept. */
function clean(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  const cleaned: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields ?? {})) {
    const isError = value instanceof Error || name === "error" || name === "cause";
    cleaned[name] = isError ? describe(value) : value;
  }
  return cleaned;
}

/** What is thrown need not be an Error: another process' errors come as plain objects. */
function describe(thrown: unknown): Record<string, unknown> {
  if (thrown instanceof Error) return describeError(thrown);
  const { code, extensions } = Object(thrown) as { code?: unknown; extensions?: unknown };
  return { name: typeof thrown, code: code ?? (Object(extensions) as { code?: unknown }).code };
}

/**
 * Name, code and stack of an error, and of what caused it, without their messages, which may quote what a
 * person wrote.
 */
export function describeError(error: Error, depth = 0): Record<string, unknown> {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const described = { name: error.name, code, at: frames.slice(0, 6).map((line) => line.trim()) };
  if (!(cause instanceof Error) || depth >= causesMax) return described;
  return { ...described, cause: describeError(cause, depth + 1) };
}
