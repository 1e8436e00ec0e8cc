import type { ConsentFacts, StatementFact } from "./consent-facts.ts";
import type { ConsentPolicy, PurposeRule } from "./consent-policy.ts";
import { liesIn, purposeKey } from "./consent-policy.ts";
import type { ConsentRequest } from "./consent-request.ts";
import { lastWords } from "./last-words.ts";
import type { ReasonCode } from "./reason.ts";

/** What consent says to one purpose: the reasons against, or the one reason in favour. */
export interface Judgement {
  against: ReasonCode[];
  inFavour: ReasonCode;
}

/** Asked of a purpose that rests on consent or on a legitimate interest. */
export function judgeConsent(
  purpose: PurposeRule,
  facts: ConsentFacts,
  request: ConsentRequest,
  policy: ConsentPolicy,
  now: number,
): Judgement {
  const words = lastWords(relevant(purpose, facts, request), facts.tenures);
  if (words.length === 0) return judgeSilence(purpose, facts, request, policy, now);
  const withdrawal = judgeWithdrawals(words);
  if (withdrawal) return { against: [withdrawal], inFavour: "CONSENT_GRANTED" };
  const faults = words.map((grant) => faultOf(grant, purpose, request, policy, now));
  const counting = words.filter((_, index) => faults[index] === null);
  if (counting.length === 0) {
    if (purpose.basis === "LEGITIMATE_INTEREST") return interest;
    const fault = hardestFault.find((code) => faults.includes(code))!;
    return { against: [fault], inFavour: "CONSENT_GRANTED" };
  }
  const isCertain = counting.some((grant) => grant.band === "HIGH");
  return { against: isCertain ? [] : ["IDENTITY_CONFIDENCE"], inFavour: "CONSENT_GRANTED" };
}

const interest: Judgement = { against: [], inFavour: "LAWFUL_BASIS_LEGITIMATE_INTEREST" };
const hardestFault = ["CONSENT_EXPIRED", "NOTICE_OUTDATED", "NOT_CONFIRMED"] as const;

/** Statements about the purpose that cover the channel; grants from before an erasure are gone. */
function relevant(
  purpose: PurposeRule,
  facts: ConsentFacts,
  request: ConsentRequest,
): StatementFact[] {
  const key = purposeKey(purpose.name);
  const { erasedAt } = facts;
  return facts.statements.filter(
    (statement) =>
      statement.purpose === key &&
      covers(statement, request.channel) &&
      (statement.kind === "WITHDRAW" || erasedAt === null || statement.statedAt > erasedAt),
  );
}

/** Asked for no certain channel, only what was said of all channels counts as a grant. */
function covers(statement: StatementFact, channel: string | null): boolean {
  return statement.channel === null || statement.channel === channel;
}

/**
 * Deny wins: any standing withdrawal refuses; a later grant of another subject makes it a
 * conflict.
 */
function judgeWithdrawals(words: readonly StatementFact[]): ReasonCode | null {
  const withdrawals = words.filter((word) => word.kind === "WITHDRAW");
  if (withdrawals.length === 0) return null;
  const lastWithdrawnAt = Math.max(...withdrawals.map((word) => word.statedAt));
  const isOverruled = words.some(
    (word) => word.kind === "GRANT" && word.statedAt > lastWithdrawnAt,
  );
  return isOverruled ? "CONSENT_CONFLICT" : "CONSENT_WITHDRAWN";
}

function faultOf(
  grant: StatementFact,
  purpose: PurposeRule,
  request: ConsentRequest,
  policy: ConsentPolicy,
  now: number,
): (typeof hardestFault)[number] | null {
  if (grant.expiresAt !== null && grant.expiresAt <= now) return "CONSENT_EXPIRED";
  const minimum = purpose.minimumNoticeVersion;
  if (minimum !== null && (grant.noticeVersion ?? 0) < minimum) return "NOTICE_OUTDATED";
  if (!grant.isConfirmed && needsConfirmation(request.jurisdiction, policy)) return "NOT_CONFIRMED";
  return null;
}

/** Where the jurisdiction is unknown, one region that asks for confirmation is enough. */
function needsConfirmation(jurisdiction: string | null, policy: ConsentPolicy): boolean {
  if (jurisdiction === null) return policy.doubleOptInRegions.length > 0;
  return liesIn(jurisdiction, policy.doubleOptInRegions);
}

function judgeSilence(
  purpose: PurposeRule,
  facts: ConsentFacts,
  request: ConsentRequest,
  policy: ConsentPolicy,
  now: number,
): Judgement {
  if (purpose.basis === "LEGITIMATE_INTEREST") return interest;
  if (isGrantedByTcf(purpose, facts)) return { against: [], inFavour: "CONSENT_GRANTED" };
  if (liesIn(request.jurisdiction, policy.optOutRegions)) {
    return { against: [], inFavour: "OPT_OUT_REGIME" };
  }
  const implied = impliedUntil(facts, request.jurisdiction, policy);
  if (implied === null) return { against: ["NO_CONSENT"], inFavour: "CONSENT_GRANTED" };
  return { against: implied > now ? [] : ["CONSENT_EXPIRED"], inFavour: "IMPLIED_CONSENT" };
}

function isGrantedByTcf(purpose: PurposeRule, facts: ConsentFacts): boolean {
  if (purpose.tcfPurposes.length === 0) return false;
  return facts.signals.some(
    (signal) =>
      signal.kind === "TCF" && purpose.tcfPurposes.every((id) => signal.purposes.includes(id)),
  );
}

/** When the implied consent of the longest-lasting relationship ends; null: there was none. */
function impliedUntil(
  facts: ConsentFacts,
  jurisdiction: string | null,
  policy: ConsentPolicy,
): number | null {
  if (jurisdiction === null) return null;
  const region = Object.keys(policy.impliedConsentMonths).find((name) =>
    liesIn(jurisdiction, [name]),
  );
  const monthsByKind = region === undefined ? {} : policy.impliedConsentMonths[region]!;
  const ends = facts.relationships
    .filter((relationship) => Object.hasOwn(monthsByKind, relationship.kind))
    .filter((relationship) => facts.erasedAt === null || relationship.at > facts.erasedAt)
    .map((relationship) => monthsAfter(relationship.at, monthsByKind[relationship.kind]!));
  return ends.length === 0 ? null : Math.max(...ends);
}

function monthsAfter(instant: number, months: number): number {
  const date = new Date(instant);
  return date.setUTCMonth(date.getUTCMonth() + months);
}
