import { type IdentityPolicy, type NamespacePolicy, normaliserNames } from "./identity-policy.ts";
import {
  type Fault,
  type FieldReader,
  isRecord,
  listed,
  readFields,
  readers,
} from "./policy-fields.ts";

/** Namespaces that the software itself uses; their rules are not up for change. */
export const reservedNamespaces: readonly string[] = ["record"];

const kinds = ["PERSON", "DEVICE", "SESSION", "ACCOUNT"];
const limitMax = 1_000_000;
/** Ten years. */
const windowMsMax = 3_650 * 24 * 60 * 60 * 1_000;
const blockedOfNamespaceMax = 5_000;

const namespaceFields: Readonly<Record<string, FieldReader>> = {
  name: readName,
  kind: readers.oneOf(kinds, "KIND_UNKNOWN"),
  priority: readers.integer(1, 1_000),
  exclusive: readers.boolean,
  limit: readers.nullable(readers.integer(1, limitMax)),
  limitWithin: readers.nullable(readers.duration(windowMsMax)),
  normaliser: readers.oneOf(normaliserNames, "NORMALISER_UNKNOWN"),
  blockedValues: readers.patterns(blockedOfNamespaceMax),
  unblockedValues: readers.patterns(blockedOfNamespaceMax),
  confidence: readers.share,
};

/** One entry of a proposal over what the base says of it; null when it is refused. */
export function readNamespace(
  base: IdentityPolicy,
  entry: unknown,
  path: readonly (string | number)[],
  faults: Fault[],
): (NamespacePolicy & { isMoved: boolean }) | null {
  if (!isRecord(entry)) {
    faults.push([path, "VALUE_INVALID", "A namespace is an object with a name."]);
    return null;
  }
  const before = faults.length;
  const said = readFields(entry, namespaceFields, path, faults);
  if (!Object.hasOwn(entry, "name")) {
    faults.push([[...path, "name"], "NAME_MISSING", "Say which namespace is meant."]);
  }
  if (faults.length > before) return null;
  const known = base.namespaces.find(({ name }) => name === said.name);
  const { blockedValues, unblockedValues, ...rest } = said;
  const start = known ?? fresh(said.name as string, base.namespaces.length + 1);
  const namespace: NamespacePolicy = {
    ...start,
    ...rest,
    blockedValues: listed(start.blockedValues, blockedValues, unblockedValues),
  };
  if (namespace.exclusive && said.limit === undefined) namespace.limit = 1;
  if (said.limitWithin === undefined && (namespace.exclusive || namespace.limit === null)) {
    namespace.limitWithin = null;
  }
  const fault = limitFault(namespace, path);
  if (fault) {
    faults.push(fault);
    return null;
  }
  return { ...namespace, isMoved: said.priority !== undefined };
}

function limitFault(
  { exclusive, limit, limitWithin }: NamespacePolicy,
  path: readonly (string | number)[],
): Fault | null {
  if (exclusive && limit !== 1) {
    const text = "An exclusive namespace has the limit 1: leave the limit out, or `exclusive`.";
    return [[...path, "limit"], "LIMIT_OF_EXCLUSIVE", text];
  }
  if (exclusive && limitWithin !== null) {
    const text = "Values of an exclusive namespace are two persons for ever: leave the window out.";
    return [[...path, "limitWithin"], "LIMIT_OF_EXCLUSIVE", text];
  }
  if (limit === null && limitWithin !== null) {
    const text = "A window belongs to a limit: say how many values one person may have within it.";
    return [[...path, "limitWithin"], "LIMIT_MISSING", text];
  }
  return null;
}

function fresh(name: string, priority: number): NamespacePolicy {
  return {
    name,
    kind: "PERSON",
    priority,
    exclusive: false,
    limit: null,
    limitWithin: null,
    normaliser: "TRIM",
    blockedValues: [],
    confidence: 1,
  };
}

function readName(value: unknown, path: readonly (string | number)[], faults: Fault[]) {
  if (typeof value !== "string" || !/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(value)) {
    const text = "A name has 1 to 64 letters, digits, `_`, `.`, `-` and begins with a letter.";
    faults.push([path, "NAME_INVALID", text]);
    return undefined;
  }
  if (reservedNamespaces.includes(value)) {
    faults.push([path, "NAMESPACE_RESERVED", `The namespace ${value} is the platform's own.`]);
    return undefined;
  }
  return value;
}
