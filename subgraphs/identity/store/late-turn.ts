/**
 * The turn of a transaction that takes it as late as it can: what it writes is kept until then. So its work can
 * go on while the writer before it commits.
 */
export class LateTurn {
  private readonly take: () => Promise<unknown>;
  private kept: (() => void)[] | null = [];
  private taking: Promise<void> | null = null;

  /** `take` resolves when it is its turn. */
  constructor(take: () => Promise<unknown>) {
    this.take = take;
  }

  /** Whether its turn has not come yet. */
  get isWaiting(): boolean {
    return this.kept !== null;
  }

  /** Resolves when all that was kept is on its way. */
  come(): Promise<void> {
    this.taking ??= this.take().then(() => {
      this.hurry();
      this.kept = null;
    });
    return this.taking;
  }

  /** Sends at once when its turn has come, else then. */
  inTurn(send: () => void): void {
    if (this.kept) this.kept.push(send);
    else send();
  }

  /** Sends what was kept so far before its turn: it must not touch what the writer before has. */
  hurry(): void {
    for (const send of this.kept?.splice(0) ?? []) send();
  }
}
