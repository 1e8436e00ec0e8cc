/** Every reason a decision can carry, the hardest first, with what it says to a reader. */
const reasonMessages = {
  CONSENT_UNAVAILABLE: "Consent could not be looked up; nothing is allowed until it can.",
  RESTRICTIVE_OPERATION: "Taking somebody out is always allowed.",
  PURPOSE_UNKNOWN: "No purpose of that name is defined.",
  CHANNEL_NOT_IN_PURPOSE: "The purpose is not for this channel.",
  ERASED: "The person was erased and has not consented since.",
  PROCESSING_RESTRICTED: "Processing of this person's data is restricted.",
  MINOR: "The person is, or may be, under the age of digital consent.",
  SUPPRESSED_HARD_BOUNCE: "The address does not exist: a message to it bounced.",
  SUPPRESSED_COMPLAINT: "A message to this address was reported as spam.",
  SUPPRESSED_STOP: "The address asked to be left alone on this channel.",
  SUPPRESSED_UNSUBSCRIBE: "The address was unsubscribed.",
  SUPPRESSED_TOPIC: "The address was unsubscribed from this topic.",
  SUPPRESSED_MANUAL: "The address was suppressed by hand.",
  SUPPRESSED_OTHER: "The address is suppressed.",
  GPC_OPT_OUT: "Global Privacy Control forbids sharing with third parties.",
  GPP_OPT_OUT: "The GPP string opts out of sale and sharing.",
  CONSENT_WITHDRAWN: "The last word on this purpose and channel is a withdrawal.",
  CONSENT_CONFLICT:
    "Two subjects, later found to be one person, said different things; the person must be asked.",
  CONSENT_EXPIRED: "The consent has run out.",
  NOTICE_OUTDATED: "The consent was given under an older notice.",
  NOT_CONFIRMED: "The consent waits for its confirmation.",
  NO_CONSENT: "Nobody consented to this purpose on this channel.",
  TCF_VENDOR_NOT_CONSENTED: "The TCF string does not consent to this vendor.",
  TCF_VENDOR_NOT_DISCLOSED: "The TCF string says this vendor was not disclosed.",
  IDENTITY_CONFIDENCE: "The consent is tied to this person by a link that is not certain enough.",
  FREQUENCY_CAP: "The person has had as many messages as the cap allows.",
  QUIET_HOURS: "It is a quiet hour where the person lives.",
  FIELDS_REDACTED: "Fields of a special category were left out.",
  CONSENT_GRANTED: "The person consented.",
  IMPLIED_CONSENT: "A recent relationship stands for consent where the person lives.",
  OPT_OUT_REGIME: "Where the person lives, silence allows, and the person did not object.",
  LAWFUL_BASIS_CONTRACT: "The use is needed for a contract.",
  LAWFUL_BASIS_LEGITIMATE_INTEREST: "The use rests on a legitimate interest, with no objection.",
  ADDRESSES_LEFT_OUT: "Some of the addresses are suppressed and must be left out.",
} as const;

export type ReasonCode = keyof typeof reasonMessages;

export interface Reason {
  code: ReasonCode;
  message: string;
}

const severity = new Map(Object.keys(reasonMessages).map((code, index) => [code, index]));

export function reason(code: ReasonCode): Reason {
  return { code, message: reasonMessages[code] };
}

/** Distinct reasons, the hardest first. */
export function hardestFirst(codes: readonly ReasonCode[]): Reason[] {
  const distinct = [...new Set(codes)];
  distinct.sort((left, right) => severity.get(left)! - severity.get(right)!);
  return distinct.map(reason);
}

/** The code for a suppression of that kind; kinds we do not know still deny. */
export function suppressionReason(kind: string): ReasonCode {
  const code = `SUPPRESSED_${kind}`;
  return code in reasonMessages ? (code as ReasonCode) : "SUPPRESSED_OTHER";
}
