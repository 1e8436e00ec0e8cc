/** Why a use is lawful; only CONSENT asks for a statement. */
export const lawfulBases = ["CONSENT", "CONTRACT", "LEGITIMATE_INTEREST"] as const;
export type LawfulBasis = (typeof lawfulBases)[number];

export interface PurposeRule {
  name: string;
  basis: LawfulBasis;
  /** Channels the purpose is for; empty: any. */
  channels: readonly string[];
  /** A grant under an older notice no longer counts. */
  minimumNoticeVersion: number | null;
  /** TCF purposes which together stand for it; empty: a TCF string says nothing about it. */
  tcfPurposes: readonly number[];
}

/** The rules a decision is made by. A region is a country or `country-subdivision`. */
export interface ConsentPolicy {
  /** By purpose key. */
  purposes: ReadonlyMap<string, PurposeRule>;
  /** Regions in which silence allows; elsewhere, and where unknown, silence denies. */
  optOutRegions: readonly string[];
  /** Regions in which a grant counts only once confirmed. */
  doubleOptInRegions: readonly string[];
  /** Months for which a kind of relationship stands for consent, by region. */
  impliedConsentMonths: Readonly<Record<string, Readonly<Record<string, number>>>>;
  digitalConsentAge: { byRegion: Readonly<Record<string, number>>; otherwise: number };
  /** Purpose key whose grant lets special-category fields through; null: they never pass. */
  specialCategoryPurpose: string | null;
}

/** Purposes are told apart without regard to case: `Advertising` is `advertising`. */
export function purposeKey(name: string): string {
  return name.trim().toLowerCase();
}

/** Rules of the regions we know of; the purposes are the user's. */
export function policyWith(purposes: readonly PurposeRule[]): ConsentPolicy {
  return {
    purposes: new Map(purposes.map((purpose) => [purposeKey(purpose.name), purpose])),
    optOutRegions: ["US"],
    doubleOptInRegions: [],
    impliedConsentMonths: { CA: { PURCHASE: 24, INQUIRY: 6 } },
    digitalConsentAge: { byRegion: { US: 13, GB: 13 }, otherwise: 16 },
    specialCategoryPurpose: null,
  };
}

/** Whether the jurisdiction lies in one of the regions; an unknown one lies in none. */
export function liesIn(jurisdiction: string | null, regions: readonly string[]): boolean {
  if (jurisdiction === null) return false;
  return regions.some((region) => jurisdiction === region || jurisdiction.startsWith(`${region}-`));
}
