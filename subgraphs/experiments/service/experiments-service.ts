import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { type PersonAssignment, personAssignments } from "../domain/assignment.ts";
import {
  type Experiment,
  type ExperimentPlan,
  experimentsMax,
  isStorable,
  problemsOfPlan,
} from "../domain/experiment.ts";
import { type ExperimentCommand, nextState } from "../domain/experiment-state.ts";
import type { VariationCount } from "../store/experiment-store.ts";
import type { ExperimentsContext } from "./experiments-context.ts";
import type { Sweep } from "./sweep.ts";

/** An experiment, or what the client must mend; never both. */
export type Answer =
  | { experiment: Experiment; problems: [] }
  | { experiment: null; problems: Problem[] };

/** The verbs and questions of experiments. */
export class ExperimentsService {
  private readonly context: ExperimentsContext;
  private readonly sweep: Sweep;

  constructor(context: ExperimentsContext, sweep: Sweep) {
    this.context = context;
    this.sweep = sweep;
  }

  /** A new experiment, as a draft. */
  async create(plan: ExperimentPlan): Promise<Answer> {
    const problems = problemsOfPlan(plan);
    if (problems.length > 0) return { experiment: null, problems };
    const { clock, database, store } = this.context;
    const createdAt = clock.now().getTime();
    const experiment: Experiment = {
      ...plan,
      state: "DRAFT",
      createdAt,
      startedAt: null,
      stoppedAt: null,
    };
    return database.transaction(async (transaction) => {
      if ((await store.count(transaction)) >= experimentsMax) {
        const message = `There are at most ${experimentsMax} experiments.`;
        return refused(problem("TOO_MANY_EXPERIMENTS", message));
      }
      if (await store.add(transaction, experiment)) return { experiment, problems: [] };
      return refused(problem("NAME_TAKEN", "An experiment of that name exists.", ["name"]));
    });
  }

  /** From now on whoever is eligible is assigned; who is so already, at once. */
  async start(name: string): Promise<Answer> {
    const answer = await this.command(name, "START");
    if (answer.experiment) await this.sweep.begin(answer.experiment);
    return answer;
  }

  /** From now on nobody is assigned; what was given stays. */
  stop(name: string): Promise<Answer> {
    return this.command(name, "STOP");
  }

  page(first: number, after: string | null): Promise<Experiment[]> {
    return this.context.store.page(this.context.database, first, after);
  }

  /** Those that exist of the named ones, in any order. */
  named(names: readonly string[]): Promise<Experiment[]> {
    return this.context.store.named(this.context.database, names.filter(isStorable));
  }

  variationCounts(experiment: string): Promise<VariationCount[]> {
    return this.context.store.variationCounts(this.context.database, experiment);
  }

  /** The assignments of each person, oldest first; a merged id has those of its survivor. */
  async assignments(personIds: readonly string[]): Promise<PersonAssignment[][]> {
    const { database, persons, store } = this.context;
    const survivors = await persons.survivors(database, personIds.filter(isStorable));
    const current = personIds.map((id) => survivors.get(id) ?? "");
    const keys = await persons.identifiersOf(database, [...new Set(current)]);
    const subjects = [...keys.values()].flat();
    const given = groupBySubject(await store.assignmentsOf(database, subjects));
    const seen = groupBySubject(await store.exposuresOf(database, subjects));
    return current.map((id) => {
      const own = keys.get(id) ?? [];
      const found = personAssignments(
        id,
        own.flatMap((key) => given.get(key) ?? []),
        own.flatMap((key) => seen.get(key) ?? []),
      );
      return found.sort((one, other) => one.assignedAt - other.assignedAt);
    });
  }

  private command(name: string, command: ExperimentCommand): Promise<Answer> {
    const { clock, database, store } = this.context;
    return database.transaction(async (transaction) => {
      await store.lockAssigning(transaction);
      const experiment = isStorable(name) ? await store.find(transaction, name) : null;
      if (!experiment) {
        const message = "There is no experiment of that name.";
        return refused(problem("UNKNOWN_EXPERIMENT", message, ["name"]));
      }
      const next = nextState(experiment.state, command);
      if (next.problem) return refused(next.problem);
      const at = clock.now().getTime();
      const times = command === "START" ? { startedAt: at } : { stoppedAt: at };
      const changed = { ...experiment, ...times, state: next.to };
      await store.saveState(transaction, changed);
      return { experiment: changed, problems: [] };
    });
  }
}

function refused(...problems: Problem[]): Answer {
  return { experiment: null, problems };
}

function groupBySubject<T extends { subjectKey: string }>(list: readonly T[]): Map<string, T[]> {
  return Map.groupBy(list, (one) => one.subjectKey);
}
