import { isIdentifierSize } from "../../../kernel/persons/identifier-size.ts";
import { isCompanyDomain } from "./free-mail.ts";
import { wordsOf } from "./matching/text/fold-text.ts";

export const accountKinds = ["ORGANISATION", "WORKSPACE", "HOUSEHOLD"] as const;
export type AccountKind = (typeof accountKinds)[number];

/** What an account's own traits say about its place among others. */
export interface Organisation {
  kind: AccountKind;
  /** `groupId` of the account above it; null: none. */
  parentGroupId: string | null;
  /** E-mail and web domains of its own, lower case; at most 50. */
  domains: readonly string[];
}

const domainsMax = 50;
/** Household groups that nobody stated but that names and addresses show. */
export const sharedHomePrefix = "household:";

type Traits = Readonly<Record<string, { value: unknown }>>;

/** A group id as it is kept; null: unusable (empty, too long, or not storable). */
export function readGroupId(raw: unknown): string | null {
  if (typeof raw !== "string") return null;
  const groupId = raw.normalize("NFC").trim();
  const isStorable = groupId.isWellFormed() && !groupId.includes("\u0000");
  return groupId !== "" && isIdentifierSize(groupId) && isStorable ? groupId : null;
}

/** Reads what group calls say of an account: `type`, `parentId`, `domain`, `domains`, `website`. */
export function readOrganisation(groupId: string, traits: Traits): Organisation {
  const of = (name: string) => (Object.hasOwn(traits, name) ? traits[name]!.value : undefined);
  const parent = readGroupId(of("parentId") ?? of("parent_id") ?? of("accountId"));
  const named = [of("domain"), of("domains"), of("website")].flat();
  const domains = new Set(named.flatMap((each) => readDomain(each) ?? []));
  return {
    kind: groupId.startsWith(sharedHomePrefix)
      ? "HOUSEHOLD"
      : kindOf(of("type") ?? of("groupType")),
    parentGroupId: parent === groupId ? null : parent,
    domains: [...domains].slice(0, domainsMax),
  };
}

function kindOf(type: unknown): AccountKind {
  const text = typeof type === "string" ? type.trim().toUpperCase() : "";
  return accountKinds.find((kind) => kind === text) ?? "ORGANISATION";
}

/** The host name in a domain, an address or a URL. */
function readDomain(raw: unknown): string | null {
  if (typeof raw !== "string") return null;
  const host = raw
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/^[^/]*@/, "")
    .replace(/[/:?#].*$/s, "")
    .replace(/^www\./, "");
  return host.length <= 253 && /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(host) ? host : null;
}

const labelsMax = 6;

/**
 * The domains by which an e-mail address may belong to a company: its own and those above it, but
 * for a public mail provider's and endings like `co.uk`, which say nothing.
 */
export function companyDomainsOf(email: string): string[] {
  const domain = readDomain(email.slice(email.lastIndexOf("@") + 1));
  if (domain === null || !isCompanyDomain(domain)) return [];
  const labels = domain.split(".").slice(-labelsMax);
  return labels
    .slice(0, -1)
    .map((_, place) => labels.slice(place).join("."))
    .filter(isCompanyDomain);
}

const familyNames = ["lastName", "last_name", "familyName", "family_name", "surname"];
const postalCodes = ["postalCode", "postal_code", "postcode", "zip"];
const streets = ["street", "streetAddress", "street_address", "address", "line1"];

/**
 * What people who live together share, as one text: family name, postal code, street with number.
 * Null where one of them is missing: a name alone, or a house alone, is no home.
 */
export function sharedHomeOf(traits: Readonly<Record<string, unknown>>): string | null {
  const name = textOf(traits, familyNames);
  if (name === null) return null;
  const address = isRecord(traits.address) ? { ...traits, ...traits.address } : traits;
  const [code, street] = [textOf(address, postalCodes), textOf(address, streets)];
  if (code === null || street === null || !/\d/.test(street)) return null;
  return [name, code, street].join("|");
}

function textOf(from: Readonly<Record<string, unknown>>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(from, name) ? from[name] : null;
    if (typeof value !== "string" && typeof value !== "number") continue;
    const folded = wordsOf(String(value).slice(0, 200)).sort().join(" ");
    if (folded !== "") return folded;
  }
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
