/** Two groups that might join, and the average weight between them. */
export interface Proposal {
  readonly average: number;
  readonly left: number;
  readonly right: number;
}

/** A binary heap, highest average first; ties go to the smaller keys. */
export class ProposalHeap {
  readonly #proposals: Proposal[] = [];

  push(proposal: Proposal): void {
    const heap = this.#proposals;
    let at = heap.length;
    heap.push(proposal);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(proposal, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = proposal;
  }

  pop(): Proposal | undefined {
    const heap = this.#proposals;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function isBefore(left: Proposal, right: Proposal): boolean {
  if (left.average !== right.average) return left.average > right.average;
  return left.left !== right.left ? left.left < right.left : left.right < right.right;
}
