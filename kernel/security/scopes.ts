/** What a key may do. `profiles:read` answers every question about persons, audiences and deliveries. */
export const scopes = {
  "profiles:read": "Read persons, audiences, experiments and deliveries, and subscribe to changes",
  "pii:read": "See identifiers, traits and event properties in clear; without it they are masked",
  "events:read": "Read sources, contracts and quarantine",
  "events:write": "Ingest events; define sources and contracts; replay quarantine",
  "identity:write": "Merge, split, revert; records, review and policies",
  "identity:review": "Answer and assign what waits for a review; `identity:write` may, too",
  "consent:write": "Define purposes; record statements and suppressions",
  "audiences:write": "Define and activate audiences",
  "experiments:write": "Define, start and stop experiments",
  "activation:write": "Define destinations and syncs; replay deliveries",
  "privacy:write": "Erase and export persons",
  "keys:write": "Create and revoke API keys",
} as const;

export type Scope = keyof typeof scopes;

export const allScopes = Object.keys(scopes) as Scope[];

export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopes, text);
}
