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

/** Called once for each candidate pair, left < right in table order. */
export type PairVisitor = (left: number, right: number, rule: number) => void;

/** Which records meet under which rule: a 32-bit key by rule and record, 0 where a record stays out. */
export class BlockIndex {
  readonly rules: BlockingRule[];
  readonly #keys: Uint32Array[];
  /** Records of each rule's blocks, block by block. */
  readonly #orders: Uint32Array[];

  constructor(table: RecordTable, limits: BlockingLimits = BLOCKING_LIMITS) {
    const atomIds = new AtomIds(table);
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
      this.#forEachPairOf(rule, visit, true);
    }
  }

  /** Pairs of one rule alone, whether or not an earlier rule has them too. */
  forEachPairOfRule(rule: number, visit: PairVisitor): void {
    this.#forEachPairOf(rule, visit, false);
  }

  #forEachPairOf(rule: number, visit: PairVisitor, isFirstOnly: boolean): void {
    forEachBlock(this.#keys[rule]!, this.#orders[rule]!, (members) => {
      for (let at = 0; at < members.length; at++) {
        for (let other = at + 1; other < members.length; other++) {
          const left = members[at]!;
          const right = members[other]!;
          if (isFirstOnly && this.#hasMet(left, right, rule)) continue;
          visit(left, right, rule);
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

/** Interned atoms by field and value id. */
class AtomIds {
  readonly #byAtom = new Map<string, Int32Array>();
  readonly #index = new Map<string, number>();
  readonly #table: RecordTable;

  constructor(table: RecordTable) {
    this.#table = table;
    table.schema.fields.forEach((plan, field) => {
      const column = table.columns[field]!;
      column.prepared.forEach((prepared, value) => {
        for (const [atom, text] of Object.entries(atomsOf(plan.kind, prepared))) {
          this.#idsOf(field, atom)[value] = this.#intern(`${field}.${atom}:${text}`);
        }
      });
    });
  }

  /** Atom id by value id of the field; 0 where a value has no such atom. */
  of(field: number, atom: string): Int32Array | undefined {
    return this.#byAtom.get(`${field}.${atom}`);
  }

  #idsOf(field: number, atom: string): Int32Array {
    const key = `${field}.${atom}`;
    let ids = this.#byAtom.get(key);
    if (ids === undefined) {
      ids = new Int32Array(this.#table.columns[field]!.values.length);
      this.#byAtom.set(key, ids);
    }
    return ids;
  }

  #intern(text: string): number {
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    this.#index.set(text, this.#index.size + 1);
    return this.#index.size;
  }
}

function combinedKeys(rule: BlockingRule, atoms: AtomIds, table: RecordTable): Uint32Array {
  const keys = new Uint32Array(table.size).fill(2166136261);
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
