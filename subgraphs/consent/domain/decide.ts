import type { ConsentFacts } from "./consent-facts.ts";
import { type ConsentPolicy, liesIn, type PurposeRule, purposeKey } from "./consent-policy.ts";
import type { ConsentRequest } from "./consent-request.ts";
import { type Judgement, judgeConsent } from "./judge-consent.ts";
import { judgeMoment } from "./judge-moment.ts";
import { judgeSignals } from "./judge-signals.ts";
import { judgeSuppressions } from "./judge-suppressions.ts";
import { hardestFirst, type Reason, type ReasonCode, reason } from "./reason.ts";

export const outcomes = ["ALLOW", "ALLOW_REDACTED", "DEFER", "DENY"] as const;
export type Outcome = (typeof outcomes)[number];

export interface Decision {
  outcome: Outcome;
  /** The hardest first; never empty. */
  reasons: Reason[];
  /** Names of the fields that must not be sent along. */
  redactedFields: string[];
  /** Keys of named addresses that are suppressed and must be left out; others of theirs are free. */
  leaveOut: string[];
}

/**
 * What may be done with a person now. Total: every combination of facts, request and policy has an
 * outcome, and `facts` null (they could not be looked up) is a denial.
 */
export function decide(
  facts: ConsentFacts | null,
  request: ConsentRequest,
  policy: ConsentPolicy,
  now: number,
): Decision {
  if (request.operation === "REMOVE") return decision("ALLOW", ["RESTRICTIVE_OPERATION"]);
  if (facts === null) return decision("DENY", ["CONSENT_UNAVAILABLE"]);
  const named = [request.purpose, ...request.destination.requires];
  const purposes = named.map((name) => policy.purposes.get(purposeKey(name)));
  if (purposes.includes(undefined)) return decision("DENY", ["PURPOSE_UNKNOWN"]);
  const known = purposes as PurposeRule[];
  const suppressions = known.map(({ basis }) => judgeSuppressions(facts, request, basis));
  const judgements = known.map((one) => judgePurpose(one, facts, request, policy, now));
  const against = [
    ...judgePerson(facts, judgements),
    ...judgeSignals(facts, request),
    ...suppressions.flatMap((judgement) => judgement.against),
    ...judgements.flatMap((judgement) => judgement.against),
  ];
  if (against.length > 0) return decision("DENY", against);
  const isMessageOfChoice = known.some((purpose) => purpose.basis !== "CONTRACT");
  const waits = isMessageOfChoice ? judgeMoment(facts, now) : [];
  if (waits.length > 0) return decision("DEFER", waits);
  const leaveOut = [...new Set(suppressions.flatMap((judgement) => judgement.leaveOut))];
  return without(leaveOut, allow(judgements, facts, request, policy, now));
}

function decision(
  outcome: Outcome,
  codes: readonly ReasonCode[],
  redactedFields: string[] = [],
): Decision {
  return { outcome, reasons: hardestFirst(codes), redactedFields, leaveOut: [] };
}

function without(leaveOut: string[], allowed: Decision): Decision {
  if (leaveOut.length === 0) return allowed;
  return { ...allowed, leaveOut, reasons: [...allowed.reasons, reason("ADDRESSES_LEFT_OUT")] };
}

function judgePurpose(
  purpose: PurposeRule,
  facts: ConsentFacts,
  request: ConsentRequest,
  policy: ConsentPolicy,
  now: number,
): Judgement {
  const { channel } = request;
  if (channel !== null && purpose.channels.length > 0 && !purpose.channels.includes(channel)) {
    return { against: ["CHANNEL_NOT_IN_PURPOSE"], inFavour: "CONSENT_GRANTED" };
  }
  if (purpose.basis === "CONTRACT") {
    return { against: [], inFavour: "LAWFUL_BASIS_CONTRACT" };
  }
  const judgement = judgeConsent(purpose, facts, request, policy, now);
  const minor = isMinor(facts, request.jurisdiction, policy, now) ? (["MINOR"] as const) : [];
  return { ...judgement, against: [...minor, ...judgement.against] };
}

/**
 * What holds of the person whatever the purpose. Somebody erased who consents afresh is welcome.
 */
function judgePerson(facts: ConsentFacts, judgements: readonly Judgement[]): ReasonCode[] {
  const against: ReasonCode[] = [];
  const { erasedAt } = facts;
  const hasConsentedSince =
    erasedAt !== null &&
    facts.statements.some((one) => one.kind === "GRANT" && one.statedAt > erasedAt) &&
    judgements.every((judgement) => judgement.inFavour === "CONSENT_GRANTED");
  if (erasedAt !== null && !hasConsentedSince) against.push("ERASED");
  if (facts.restrictedSince !== null) against.push("PROCESSING_RESTRICTED");
  return against;
}

/** With only the year known, the person counts as not yet having had this year's birthday. */
function isMinor(
  facts: ConsentFacts,
  jurisdiction: string | null,
  policy: ConsentPolicy,
  now: number,
): boolean {
  if (facts.birthYear === null) return false;
  const { byRegion, otherwise } = policy.digitalConsentAge;
  const region = Object.keys(byRegion).find((name) => liesIn(jurisdiction, [name]));
  const age = region === undefined ? otherwise : byRegion[region]!;
  return new Date(now).getUTCFullYear() - facts.birthYear - 1 < age;
}

function allow(
  judgements: readonly Judgement[],
  facts: ConsentFacts,
  request: ConsentRequest,
  policy: ConsentPolicy,
  now: number,
): Decision {
  const inFavour = judgements.map((judgement) => judgement.inFavour);
  const special = request.fields.filter((field) => field.isSpecial).map((field) => field.name);
  if (special.length === 0 || mayHaveSpecial(facts, request, policy, now)) {
    return decision("ALLOW", inFavour);
  }
  return decision("ALLOW_REDACTED", ["FIELDS_REDACTED", ...inFavour], special);
}

function mayHaveSpecial(
  facts: ConsentFacts,
  request: ConsentRequest,
  policy: ConsentPolicy,
  now: number,
): boolean {
  const name = policy.specialCategoryPurpose;
  const purpose = name === null ? undefined : policy.purposes.get(purposeKey(name));
  if (!purpose || purpose.basis !== "CONSENT") return false;
  return judgeConsent(purpose, facts, request, policy, now).against.length === 0;
}
