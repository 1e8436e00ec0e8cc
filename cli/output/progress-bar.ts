const BAR_WIDTH = 28;

/** Progress on stderr: a bar that moves on a terminal, one line a stage elsewhere. */
export class ProgressBar<Stage extends string> {
  readonly #isTerminal: boolean;
  readonly #write: (text: string) => void;
  readonly #stages: readonly Stage[];
  #stage = "";
  #shown = "";

  /** `stages` in the order in which they come. */
  constructor(isTerminal: boolean, write: (text: string) => void, stages: readonly Stage[]) {
    this.#isTerminal = isTerminal;
    this.#write = write;
    this.#stages = stages;
  }

  show(stage: Stage, share: number): void {
    if (!this.#isTerminal) {
      if (stage !== this.#stage && share < 1) this.#write(`${stage} …\n`);
      this.#stage = stage;
      return;
    }
    const done = Math.max(0, this.#stages.indexOf(stage) + share) / this.#stages.length;
    const filled = Math.round(done * BAR_WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const text = `${bar} ${String(Math.round(done * 100)).padStart(3)} %  ${stage}`;
    if (text !== this.#shown) this.#write(`\r\u001b[2K${text}`);
    this.#shown = text;
  }

  /** Takes the bar off the terminal. */
  clear(): void {
    if (this.#isTerminal && this.#shown !== "") this.#write("\r\u001b[2K");
    this.#shown = "";
  }
}
