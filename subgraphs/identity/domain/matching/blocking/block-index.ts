import { NO_VALUE, type RecordTable } from "../encoding/record-table.ts";
import { atomsOf } from "./blocking-atoms.ts";
import { type BlockingRule, blockingRules } from "./blocking-rules.ts";

/** Bounds of blocking; a block beyond them holds a generic value and is left out. */
export interface BlockingLimits {
  /** Records in one block at most. */
  readonly blockSizeMax: number;
  /** Pairs a rule of several parts may yield for each record of the file, on average. */
  readonly pairsPerRecordMax: number;
  /** The same for a rule of one part: only its rare values are worth the pairs. */
  readonly pairsPerRecordOfOnePartMax: number;
}

export const BLOCKING_LIMITS: BlockingLimits = {
  blockSizeMax: 400,
  pairsPerRecordMax: 10,
  pairsPerRecordOfOnePartMax: 3,
};

const HASH_START = 2166136261;

/** Called once for each candidate pair, left < right in table order. */
export type PairVisitor = (left: number, right: number, rule: number) => void;

/** Which records meet under which rule: a 32-bit key by rule and record, 0 where a record stays out. */
export class BlockIndex {
  readonly rules: BlockingRule[];
  readonly #keys: Uint32Array[];
  /** Records of each rule's blocks, block by block. */
  readonly #orders: Uint32Array[];

  constructor(table: RecordTable, limits: BlockingLimits = BLOCKING_LIMITS) {
    const atomIds = new AtomHashes(table);
    const rules = blockingRules(table.schema);
    const blocks = rules.map((rule) => {
      const keys = combinedKeys(rule, atomIds, table);
      const perRecord =
        rule.parts.length > 1 ? limits.pairsPerRecordMax : limits.pairsPerRecordOfOnePartMax;
      return {
        rule,
        keys,
        order: keepNarrowBlocks(keys, limits.blockSizeMax, perRecord * keys.length),
      };
    });
    const used = blocks.filter(({ order }) => order.length > 0);
    this.rules = used.map(({ rule }) => rule);
    this.#keys = used.map(({ keys }) => keys);
    this.#orders = used.map(({ order }) => order);
  }

  /** Every pair that meets under some rule, once, under the first such rule. */
  forEachPair(visit: PairVisitor, onRule: (rule: number) => void = () => {}): void {
    for (let rule = 0; rule < this.rules.length; rule++) {
      onRule(rule);
      this.#forEachPairOf(rule, (left, right) => {
        if (!this.#hasMet(left, right, rule)) visit(left, right, rule);
      });
    }
  }

  /** About a `share` of the pairs of `forEachPair`, chosen by the pair itself. */
  forEachSampledPair(share: number, visit: PairVisitor): void {
    const below = share * 2 ** 32;
    for (let rule = 0; rule < this.rules.length; rule++) {
      this.#forEachPairOf(rule, (left, right) => {
        if (mix(mix(HASH_START, left + 1), right + 1) >= below) return;
        if (!this.#hasMet(left, right, rule)) visit(left, right, rule);
      });
    }
  }

  /** Pairs of all rules, those that several rules have counted several times. */
  countPairs(): number {
    let count = 0;
    this.rules.forEach((_, rule) => {
      forEachBlock(this.#keys[rule]!, this.#orders[rule]!, ({ length }) => {
        count += (length * (length - 1)) / 2;
      });
    });
    return count;
  }

  /** Pairs of one rule alone, whether or not an earlier rule has them too. */
  forEachPairOfRule(rule: number, visit: PairVisitor): void {
    this.#forEachPairOf(rule, (left, right) => visit(left, right, rule));
  }

  #forEachPairOf(rule: number, visit: (left: number, right: number) => void): void {
    forEachBlock(this.#keys[rule]!, this.#orders[rule]!, (members) => {
      for (let at = 0; at < members.length; at++) {
        for (let other = at + 1; other < members.length; other++) {
          visit(members[at]!, members[other]!);
        }
      }
    });
  }

  #hasMet(left: number, right: number, rule: number): boolean {
    for (let earlier = 0; earlier < rule; earlier++) {
      const keys = this.#keys[earlier]!;
      const key = keys[left]!;
      if (key !== 0 && key === keys[right]) return true;
    }
    return false;
  }
}

/** Hashed atoms by field and value id; a rare collision only brings two records together that need not meet. */
class AtomHashes {
  readonly #byAtom = new Map<string, Uint32Array>();
  readonly #table: RecordTable;

  constructor(table: RecordTable) {
    this.#table = table;
    table.schema.fields.forEach((plan, field) => {
      table.columns[field]!.prepared.forEach((prepared, value) => {
        for (const [atom, text] of Object.entries(atomsOf(plan.kind, prepared))) {
          this.#hashesOf(field, atom)[value] = hashOf(text);
        }
      });
    });
  }

  /** Hash by value id of the field; 0 where a value has no such atom. */
  of(field: number, atom: string): Uint32Array | undefined {
    return this.#byAtom.get(`${field}.${atom}`);
  }

  #hashesOf(field: number, atom: string): Uint32Array {
    const key = `${field}.${atom}`;
    let hashes = this.#byAtom.get(key);
    if (hashes === undefined) {
      hashes = new Uint32Array(this.#table.columns[field]!.values.length);
      this.#byAtom.set(key, hashes);
    }
    return hashes;
  }
}

/** FNV-1a, never 0. */
function hashOf(text: string): number {
  let hash = HASH_START;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return hash >>> 0 || 1;
}

function combinedKeys(rule: BlockingRule, atoms: AtomHashes, table: RecordTable): Uint32Array {
  const keys = new Uint32Array(table.size).fill(HASH_START);
  for (const { field, atom } of rule.parts) {
    const atomIds = atoms.of(field, atom);
    const valueIds = table.columns[field]!.ids;
    for (let record = 0; record < table.size; record++) {
      const value = valueIds[record]!;
      const id = value === NO_VALUE || atomIds === undefined ? 0 : atomIds[value]!;
      keys[record] = id === 0 || keys[record] === 0 ? 0 : mix(keys[record]!, id);
    }
  }
  return keys;
}

function mix(key: number, id: number): number {
  let mixed = Math.imul(key ^ id, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0 || 1;
}

/** Calls `visit` with the members of each block, blocks in key order. */
function forEachBlock(
  keys: Uint32Array,
  order: Uint32Array,
  visit: (members: Uint32Array) => void,
): void {
  let from = 0;
  while (from < order.length) {
    let until = from + 1;
    while (until < order.length && keys[order[until]!] === keys[order[from]!]) until++;
    visit(order.subarray(from, until));
    from = until;
  }
}

function sortedByKey(keys: Uint32Array): Uint32Array {
  const present: number = keys.reduce((count, key) => (key === 0 ? count : count + 1), 0);
  const packed = new Float64Array(present);
  const width = 2 ** Math.min(21, Math.ceil(Math.log2(keys.length + 1)));
  let at = 0;
  keys.forEach((key, record) => {
    if (key !== 0) packed[at++] = key * width + record;
  });
  packed.sort();
  return Uint32Array.from(packed, (value) => value % width);
}

/**
 * Clears the keys of blocks that are too large, the largest first, until the rule keeps to `pairsMax`; answers the
 * records of the blocks that stay, block by block.
 */
function keepNarrowBlocks(keys: Uint32Array, blockSizeMax: number, pairsMax: number): Uint32Array {
  const order = sortedByKey(keys);
  const pairsBySize = new Float64Array(blockSizeMax + 1);
  forEachBlock(keys, order, ({ length: size }) => {
    if (size <= blockSizeMax) pairsBySize[size]! += (size * (size - 1)) / 2;
  });
  let sizeMax = 1;
  let pairs = 0;
  while (sizeMax < blockSizeMax && pairs + pairsBySize[sizeMax + 1]! <= pairsMax) {
    sizeMax++;
    pairs += pairsBySize[sizeMax]!;
  }
  forEachBlock(keys.slice(), order, (members) => {
    if (members.length > 1 && members.length <= sizeMax) return;
    for (const record of members) keys[record] = 0;
  });
  return order.filter((record) => keys[record] !== 0);
}
