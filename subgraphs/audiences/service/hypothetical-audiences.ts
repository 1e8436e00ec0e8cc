import type { Database } from "../../../kernel/database/database.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { Condition } from "../domain/compiled-rule.ts";
import { evaluateRule, withTraits } from "../domain/evaluate-rule.ts";
import { historyNeeds } from "../domain/rule-needs.ts";
import type { DefinitionStore } from "../store/definition-store.ts";
import type { ProjectionStore } from "../store/projection-store.ts";
import { AudienceBooks } from "./audience-book.ts";
import type { HistoryReader, PersonNeed } from "./history-reader.ts";

/** Somebody who might be: made of these identifiers, with this golden record. */
export interface HypotheticalPerson {
  keys: readonly string[];
  traits: Readonly<Record<string, unknown>>;
}

/** What one audience's rule still asks about one person's events, or its answer. */
interface OpenRule {
  name: string;
  residual: Condition | boolean;
}

/**
 * In which audiences persons would be now if the identifiers were grouped otherwise. Facts hang on
 * identifiers, so only the grouping is another one; the rules are the running ones. Writes nothing.
 */
export class HypotheticalAudiences {
  private readonly database: Database;
  private readonly clock: Clock;
  private readonly definitions: DefinitionStore;
  private readonly projections: ProjectionStore;
  private readonly histories: HistoryReader;
  /** Not the writer's: that one is read under its lock. */
  private readonly books: AudienceBooks;

  constructor(parts: {
    database: Database;
    clock: Clock;
    definitions: DefinitionStore;
    projections: ProjectionStore;
    histories: HistoryReader;
  }) {
    this.database = parts.database;
    this.clock = parts.clock;
    this.definitions = parts.definitions;
    this.projections = parts.projections;
    this.histories = parts.histories;
    this.books = new AudienceBooks(parts.definitions);
  }

  /** Names of the audiences of each person, in order; who has no identifier is in none. */
  async of(persons: readonly HypotheticalPerson[]): Promise<string[][]> {
    const revision = await this.definitions.revision(this.database);
    const book = await this.books.at(this.database, revision);
    const running = [...book.byId.values()].flatMap(({ name, present }) =>
      present ? [{ name, condition: present.condition }] : [],
    );
    const open = persons.map(({ keys, traits }) =>
      keys.length === 0
        ? []
        : running.map(({ name, condition }) => ({
            name,
            residual: withTraits(condition, { ...traits }),
          })),
    );
    const nowMs = this.clock.now().getTime();
    const histories = await this.historiesOf(persons, open, nowMs);
    return persons.map(({ traits }, place) => {
      const events = histories.get(String(place)) ?? new Map();
      return open[place]!.filter(({ residual }) =>
        typeof residual === "boolean"
          ? residual
          : evaluateRule(residual, { traits: { ...traits }, events }, nowMs).isMember,
      ).map(({ name }) => name);
    });
  }

  private async historiesOf(
    persons: readonly HypotheticalPerson[],
    open: readonly OpenRule[][],
    nowMs: number,
  ) {
    const named = persons.flatMap(({ keys }) => keys);
    const eventful = await this.projections.keysWithFacts(this.database, [...new Set(named)]);
    const wanted = new Map<string, PersonNeed>();
    const keys = new Map<string, string[]>();
    persons.forEach((person, place) => {
      const conditions = open[place]!.flatMap(({ residual }) =>
        typeof residual === "boolean" ? [] : [residual],
      );
      if (conditions.length === 0) return;
      wanted.set(String(place), { needs: historyNeeds(conditions), asOfMs: nowMs });
      keys.set(
        String(place),
        [...new Set(person.keys)].filter((key) => eventful.has(key)),
      );
    });
    return this.histories.readOf(this.database, wanted, keys);
  }
}
