/** How commands reach a platform that runs, where their options do not say it. */
export interface ClientSettings {
  readonly key: string | undefined;
  readonly url: string | undefined;
}

/** SELFSAME_KEY and SELFSAME_URL. */
export function readClientSettings(): ClientSettings {
  const { SELFSAME_KEY: key, SELFSAME_URL: url } = process.env;
  return { key, url };
}
