import type { MatchStage } from "../../subgraphs/identity/domain/matching/match-records.ts";

const BAR_WIDTH = 28;
const STAGES: readonly (MatchStage | "reading" | "writing")[] = [
  "reading",
  "blocking",
  "learning",
  "scoring",
  "clustering",
  "writing",
];

/** Progress on stderr: a bar that moves on a terminal, one line a stage elsewhere. */
export class ProgressBar {
  readonly #isTerminal: boolean;
  readonly #write: (text: string) => void;
  #stage = "";
  #shown = "";

  constructor(isTerminal: boolean, write: (text: string) => void) {
    this.#isTerminal = isTerminal;
    this.#write = write;
  }

  show(stage: MatchStage | "reading" | "writing", share: number): void {
    if (!this.#isTerminal) {
      if (stage !== this.#stage && share < 1) this.#write(`${stage} …\n`);
      this.#stage = stage;
      return;
    }
    const done = Math.max(0, STAGES.indexOf(stage) + share) / STAGES.length;
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
