import type {
  IdentifierKind,
  IdentityPolicy,
  NamespacePolicy,
  NormaliserName,
} from "./identity-policy.ts";

interface Row {
  name: string;
  kind?: IdentifierKind;
  exclusive?: true;
  limit?: number;
  normaliser?: NormaliserName;
  blocked?: readonly string[];
  confidence?: number;
}

const mailboxesOfNobody = [
  "noreply@*",
  "no-reply@*",
  "no_reply@*",
  "no.reply@*",
  "donotreply@*",
  "do-not-reply@*",
  "postmaster@*",
  "mailer-daemon@*",
  "*@example.invalid",
  "*@localhost",
  "test@test.*",
  "test@test",
  "none@none.*",
  "na@na.*",
  "unknown@*",
  "anonymous@*",
];

/**
 * In order of priority. Exclusive are the primary keys of systems of record: one person of ours has
 * one. What a person may rightly have several of (leads, subscriptions, cards, addresses) has a
 * limit, above which the value says more about the sender than about the person.
 */
const rows: readonly Row[] = [
  { name: "user_id", exclusive: true },
  { name: "crm_contact_id", exclusive: true },
  { name: "member_id", exclusive: true },
  { name: "lms_learner_id", exclusive: true },
  { name: "commerce_customer_id", exclusive: true },
  { name: "sso_subject", limit: 5 },
  { name: "certification_id", limit: 20 },
  { name: "crm_lead_id", limit: 20 },
  { name: "email", limit: 10, normaliser: "EMAIL", blocked: mailboxesOfNobody, confidence: 0.99 },
  { name: "app_login", limit: 5, confidence: 0.99 },
  { name: "subscription_id", limit: 50, confidence: 0.99 },
  {
    name: "phone",
    limit: 10,
    normaliser: "PHONE",
    blocked: ["+10000000000", "123456789", "1234567890"],
    confidence: 0.98,
  },
  { name: "payment_card_hash", limit: 20, confidence: 0.97 },
  // A source's own entry about a person: `<source>/<KIND>/<key>`.
  { name: "record", normaliser: "EXACT" },
  { name: "anonymous_id", kind: "DEVICE", confidence: 0.96 },
  { name: "google_client_id", kind: "DEVICE", confidence: 0.95 },
  { name: "cookie_id", kind: "DEVICE", confidence: 0.95 },
  { name: "ios.idfv", kind: "DEVICE", normaliser: "LOWERCASE", confidence: 0.94 },
  { name: "ios.idfa", kind: "DEVICE", normaliser: "LOWERCASE", confidence: 0.94 },
  { name: "android.id", kind: "DEVICE", normaliser: "LOWERCASE", confidence: 0.94 },
  { name: "android.idfa", kind: "DEVICE", normaliser: "LOWERCASE", confidence: 0.94 },
  { name: "ios.push_token", kind: "DEVICE", confidence: 0.94 },
  { name: "android.push_token", kind: "DEVICE", confidence: 0.94 },
  { name: "device_id", kind: "DEVICE", confidence: 0.93 },
  { name: "session_id", kind: "SESSION", confidence: 0.92 },
];

function toNamespace(row: Row, index: number): NamespacePolicy {
  return {
    name: row.name,
    kind: row.kind ?? "PERSON",
    priority: index + 1,
    exclusive: row.exclusive ?? false,
    limit: row.exclusive ? 1 : (row.limit ?? null),
    limitWithin: null,
    normaliser: row.normaliser ?? "TRIM",
    blockedValues: row.blocked ?? [],
    confidence: row.confidence ?? 1,
  };
}

/** What holds until somebody proposes and activates another policy. */
export const defaultPolicy: IdentityPolicy = {
  version: 1,
  namespaces: rows.map(toNamespace),
  blockedValues: [
    "null",
    "undefined",
    "unknown",
    "none",
    "nil",
    "nan",
    "n/a",
    "na",
    "empty",
    "(not set)",
    "anonymous",
    "guest",
    "test",
    "testuser",
    "test user",
    "string",
    "user_id",
    "userid",
    "email",
    "true",
    "false",
    "[object object]",
    "object",
    "0",
    "-1",
    "-",
    "--",
    "?",
    ".",
    "*",
    "00000000-0000-0000-0000-000000000000",
    "00000000000000000000000000000000",
    "0000000000",
    "xxxxx",
    "{{*}}",
    "${*}",
    "%%*%%",
    "<*>",
  ],
  highFrom: 0.9,
  mediumFrom: 0.6,
  genericAbove: 100,
  componentEdgesMax: 50_000,
  phoneRegion: null,
  traitOwners: {},
};
