/** Candidate pairs with their weights in bits, twelve bytes each. */
export class PairList {
  lefts = new Int32Array(1024);
  rights = new Int32Array(1024);
  weights = new Float32Array(1024);
  pairCount = 0;

  push(left: number, right: number, weight: number): void {
    if (this.pairCount === this.lefts.length) this.#grow();
    this.lefts[this.pairCount] = left;
    this.rights[this.pairCount] = right;
    this.weights[this.pairCount++] = weight;
  }

  #grow(): void {
    const length = this.lefts.length * 2;
    const [lefts, rights, weights] = [
      new Int32Array(length),
      new Int32Array(length),
      new Float32Array(length),
    ];
    lefts.set(this.lefts);
    rights.set(this.rights);
    weights.set(this.weights);
    [this.lefts, this.rights, this.weights] = [lefts, rights, weights];
  }
}
