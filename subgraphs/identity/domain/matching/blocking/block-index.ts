import { NO_VALUE, type RecordTable } from "../encoding/record-table.ts";
import { atomsOf } from "./blocking-atoms.ts";
import { KeySorter } from "./key-sorter.ts";
import { type BlockingRule, blockingRules } from "./blocking-rules.ts";

/** Bounds of blocking; a block beyond them holds a generic value and is left out. */
export interface BlockingLimits {
  /** Records in one block at most. */
  readonly blockSizeMax: number;
  /** Pairs a rule of several parts may yield for each record of the file, on average. */
  readonly pairsPerRecordMax: number;
  /** The same for a rule of one part: only its rare values are worth the pairs. */
  readonly pairsPerRecordOfOnePartMax: number;
  /** Pairs any rule may yield, however small the file. */
  readonly pairsOfRuleMin: number;
}

export const BLOCKING_LIMITS: BlockingLimits = {
  blockSizeMax: 400,
  pairsPerRecordMax: 10,
  pairsPerRecordOfOnePartMax: 3,
  pairsOfRuleMin: 20_000,
};

const HASH_START = 2166136261;

/** Called once for each candidate pair, left < right in table order. */
export type PairVisitor = (left: number, right: number, rule: number) => void;

/**
 * Which records meet under which rule. For each record a 32-bit key by rule, 0 where it stays out; for each rule its
 * records block by block, the first of a block marked.
 */
export class BlockIndex {
  readonly rules: BlockingRule[] = [];
  /** Keys record by record: those of one record lie together. */
  readonly #keys: Uint32Array;
  readonly #keysPerRecord: number;
  /** Column of each used rule in the keys. */
  readonly #columns: number[] = [];
  readonly #orders: Uint32Array[] = [];

  constructor(table: RecordTable, limits: BlockingLimits = BLOCKING_LIMITS) {
    const atomIds = new AtomHashes(table);
    const rules = blockingRules(table.schema);
    this.#keysPerRecord = rules.length;
    this.#keys = new Uint32Array(table.size * rules.length);
    const sorter = new KeySorter(table.size);
    rules.forEach((rule, column) => {
      const keys = combinedKeys(rule, atomIds, table);
      const perRecord =
        rule.parts.length > 1 ? limits.pairsPerRecordMax : limits.pairsPerRecordOfOnePartMax;
      const pairsMax = Math.max(limits.pairsOfRuleMin, perRecord * table.size);
      const order = keepNarrowBlocks(keys, sorter, limits.blockSizeMax, pairsMax);
      if (order.length === 0) return;
      for (const marked of order) {
        const record = (marked & ~BLOCK_START) >>> 0;
        this.#keys[record * rules.length + column] = keys[record]!;
      }
      this.rules.push(rule);
      this.#columns.push(column);
      this.#orders.push(order);
    });
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
    for (const order of this.#orders) {
      forEachBlock(order, (from, until) => {
        count += ((until - from) * (until - from - 1)) / 2;
      });
    }
    return count;
  }

  /** Pairs of one rule alone, whether or not an earlier rule has them too. */
  forEachPairOfRule(rule: number, visit: PairVisitor): void {
    this.#forEachPairOf(rule, (left, right) => visit(left, right, rule));
  }

  #forEachPairOf(rule: number, visit: (left: number, right: number) => void): void {
    const order = this.#orders[rule]!;
    forEachBlock(order, (from, until) => {
      for (let at = from; at < until; at++) {
        const left = (order[at]! & ~BLOCK_START) >>> 0;
        for (let other = at + 1; other < until; other++) visit(left, order[other]!);
      }
    });
  }

  #hasMet(left: number, right: number, rule: number): boolean {
    const leftStart = left * this.#keysPerRecord;
    const rightStart = right * this.#keysPerRecord;
    const until = this.#columns[rule]!;
    for (let column = 0; column < until; column++) {
      const key = this.#keys[leftStart + column]!;
      if (key !== 0 && key === this.#keys[rightStart + column]) return true;
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

/** Leads the first record of a block in an order; records are numbered below it. */
const BLOCK_START = 2 ** 31;

/** Calls `visit` with the bounds of each block of an order. */
function forEachBlock(order: Uint32Array, visit: (from: number, until: number) => void): void {
  let from = 0;
  while (from < order.length) {
    let until = from + 1;
    while (until < order.length && order[until]! < BLOCK_START) until++;
    visit(from, until);
    from = until;
  }
}

/**
 * Keeps the blocks of two records and more that are small enough, the smallest first, until the rule has `pairsMax`;
 * answers their records block by block, in key order.
 */
function keepNarrowBlocks(
  keys: Uint32Array,
  sorter: KeySorter,
  blockSizeMax: number,
  pairsMax: number,
): Uint32Array {
  const order = markBlocks(keys, sorter.sort(keys));
  const pairsBySize = new Float64Array(blockSizeMax + 1);
  forEachBlock(order, (from, until) => {
    const size = until - from;
    if (size <= blockSizeMax) pairsBySize[size]! += (size * (size - 1)) / 2;
  });
  let sizeMax = 1;
  let pairs = 0;
  while (sizeMax < blockSizeMax && pairs + pairsBySize[sizeMax + 1]! <= pairsMax) {
    sizeMax++;
    pairs += pairsBySize[sizeMax]!;
  }
  let kept = 0;
  forEachBlock(order, (from, until) => {
    if (until - from === 1 || until - from > sizeMax) return;
    order.copyWithin(kept, from, until);
    kept += until - from;
  });
  return order.slice(0, kept);
}

function markBlocks(keys: Uint32Array, order: Uint32Array): Uint32Array {
  for (let at = order.length - 1; at >= 0; at--) {
    if (at === 0 || keys[order[at]!] !== keys[order[at - 1]!])
      order[at] = (order[at]! | BLOCK_START) >>> 0;
  }
  return order;
}
