import { type Problem, problem } from "../../../kernel/errors/problem.ts";

export const experimentStates = ["DRAFT", "RUNNING", "STOPPED"] as const;
export type ExperimentState = (typeof experimentStates)[number];

export type ExperimentCommand = "START" | "STOP";

type Outcome = { to: ExperimentState } | { refused: string };

/** Every command in every state. A stopped experiment stays stopped: its figures are final. */
const transitions: Readonly<Record<ExperimentState, Record<ExperimentCommand, Outcome>>> = {
  DRAFT: {
    START: { to: "RUNNING" },
    STOP: { refused: "The experiment has not been started." },
  },
  RUNNING: {
    START: { refused: "The experiment is running already." },
    STOP: { to: "STOPPED" },
  },
  STOPPED: {
    START: { refused: "A stopped experiment cannot be started again; create another one." },
    STOP: { refused: "The experiment has been stopped already." },
  },
};

/** The state after the command, or why it is refused. */
export function nextState(
  state: ExperimentState,
  command: ExperimentCommand,
): { to: ExperimentState; problem: null } | { to: null; problem: Problem } {
  const outcome = transitions[state][command];
  if ("to" in outcome) return { to: outcome.to, problem: null };
  return { to: null, problem: problem("INVALID_STATE", outcome.refused, ["name"]) };
}
