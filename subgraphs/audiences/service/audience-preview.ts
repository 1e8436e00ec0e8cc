import type { Database } from "../../../kernel/database/database.ts";
import type { Problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { type Condition, compileRule } from "../domain/compiled-rule.ts";
import { evaluateRule, withTraits } from "../domain/evaluate-rule.ts";
import { parseRule } from "../domain/parse-rule.ts";
import { historyNeeds, testsValues } from "../domain/rule-needs.ts";
import type { PersonRow, ProjectionStore } from "../store/projection-store.ts";
import type { HistoryReader, PersonNeed } from "./history-reader.ts";

export interface AudiencePreview {
  /** Members among those looked at; null when the rule was refused. */
  count: number | null;
  sample: string[];
  /** Whether to be named tells a value. */
  testsValues: boolean;
  personsScanned: number;
  /** Whether everybody was looked at, so that `count` is exact. */
  isComplete: boolean;
  problems: Problem[];
}

const pagePersons = 500;
/** After that long the answer is what was found, marked as not complete. */
const deadlineMs = 20_000;

/** Counts who would be a member now, by the facts that are there; changes nothing. */
export class AudiencePreviewer {
  private readonly database: Database;
  private readonly clock: Clock;
  private readonly projections: ProjectionStore;
  private readonly histories: HistoryReader;

  constructor(parts: {
    database: Database;
    clock: Clock;
    projections: ProjectionStore;
    histories: HistoryReader;
  }) {
    this.database = parts.database;
    this.clock = parts.clock;
    this.projections = parts.projections;
    this.histories = parts.histories;
  }

  /** `sampleSize`: so many persons at most are named, the oldest first. */
  async preview(rule: unknown, sampleSize: number): Promise<AudiencePreview> {
    const parsed = parseRule(rule);
    const preview: AudiencePreview = {
      count: null,
      sample: [],
      testsValues: false,
      personsScanned: 0,
      isComplete: false,
      problems: parsed.problems,
    };
    if (!parsed.rule) return preview;
    const condition = compileRule(parsed.rule);
    const nowMs = this.clock.now().getTime();
    const startedAt = performance.now();
    preview.count = 0;
    preview.testsValues = testsValues(condition);
    let after = "";
    while (performance.now() - startedAt < deadlineMs) {
      const page = await this.projections.personsAfter(this.database, after, pagePersons);
      const members = await this.membersOf(page, condition, nowMs);
      preview.count += members.length;
      preview.sample.push(...members.slice(0, sampleSize - preview.sample.length));
      preview.personsScanned += page.length;
      if (page.length < pagePersons) return { ...preview, isComplete: true };
      after = page.at(-1)!.personId;
    }
    return preview;
  }

  private async membersOf(
    page: readonly PersonRow[],
    condition: Condition,
    nowMs: number,
  ): Promise<string[]> {
    const residuals = page.map((person) => withTraits(condition, person.traits));
    const wanted = new Map<string, PersonNeed>();
    page.forEach(({ personId }, index) => {
      const residual = residuals[index]!;
      if (typeof residual === "boolean") return;
      wanted.set(personId, { needs: historyNeeds([residual]), asOfMs: nowMs });
    });
    const histories = await this.histories.read(this.database, wanted);
    return page.flatMap(({ personId, traits }, index) => {
      const residual = residuals[index]!;
      const events = histories.get(personId) ?? new Map();
      const isMember =
        typeof residual === "boolean"
          ? residual
          : evaluateRule(residual, { traits, events }, nowMs).isMember;
      return isMember ? [personId] : [];
    });
  }
}
