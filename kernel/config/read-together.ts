import { type Config, type Environment, readConfig, SettingsError } from "./read-config.ts";

/** Reads the settings of one part beside the kernel's; throws SettingsError. */
export type ReadSettings = (environment: Environment) => unknown;

/** `readConfig`, and the settings of parts with it: one start shows what is wrong with all of them. */
export function readTogether(
  parts: readonly ReadSettings[],
  environment: Environment = process.env,
): Config {
  const problems: string[] = [];
  const attempt = <T>(read: (environment: Environment) => T): T | undefined => {
    try {
      return read(environment);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const config = attempt(readConfig);
  for (const part of parts) attempt(part);
  if (!config || problems.length > 0) throw new SettingsError(problems);
  return config;
}
