import type { Session } from "../../../kernel/database/database.ts";
import type { Audience } from "../domain/audience.ts";
import { audienceLimits } from "../domain/audience.ts";
import { type Condition, compileRule } from "../domain/compiled-rule.ts";
import {
  type HistoryNeed,
  historyNeeds,
  type RuleReferences,
  referencesOf,
} from "../domain/rule-needs.ts";
import type { Activation, DefinitionStore } from "../store/definition-store.ts";

/** A version that decides about somebody. */
export interface RunningVersion {
  number: number;
  condition: Condition;
  references: RuleReferences;
}

/**
 * An audience at work. While a version is being activated, persons up to `afterPerson` are under
 * the new one and all others still under the old one: at every instant exactly one version decides
 * about a person.
 */
export class RunningAudience {
  readonly id: number;
  readonly name: string;
  readonly present: RunningVersion | null;
  readonly coming: RunningVersion | null;
  readonly presentSinceMs: number;
  private readonly afterPerson: string;

  /** `presentSinceMs`: since when the present version has been in force for everybody. */
  constructor(
    audience: { id: number; name: string; presentSinceMs: number },
    versions: { present: RunningVersion | null; coming: RunningVersion | null },
    afterPerson: string,
  ) {
    this.id = audience.id;
    this.name = audience.name;
    this.present = versions.present;
    this.coming = versions.coming;
    this.presentSinceMs = audience.presentSinceMs;
    this.afterPerson = afterPerson;
  }

  /** The same audience with its activation come as far as this person. */
  static reaching(audience: RunningAudience, personId: string): RunningAudience {
    return new RunningAudience(audience, audience, personId);
  }

  versionFor(personId: string): RunningVersion | null {
    return this.coming && personId <= this.afterPerson ? this.coming : this.present;
  }

  /** Since when at least the version has decided about the person; while it is coming: `nowMs`. */
  decidesSinceMs(personId: string, nowMs: number): number {
    return this.versionFor(personId) === this.present ? this.presentSinceMs : nowMs;
  }

  /** Whether a version at work meets the test. */
  hasVersion(test: (references: RuleReferences) => boolean): boolean {
    return [this.present, this.coming].some((version) => version && test(version.references));
  }
}

function add(index: Map<string, RunningAudience[]>, name: string, audience: RunningAudience) {
  const found = index.get(name);
  if (!found) index.set(name, [audience]);
  else if (found.at(-1) !== audience) found.push(audience);
}

/** All audiences at work, with the index from what can change to whom it concerns. */
export class AudienceBook {
  readonly byId = new Map<number, RunningAudience>();
  readonly byFact = new Map<string, RunningAudience[]>();
  readonly byTrait = new Map<string, RunningAudience[]>();
  /** Those that a person of whom nothing is known may be in. */
  readonly forNobodyKnown: RunningAudience[] = [];
  /** How much of each name's events all of them together need. */
  readonly needs: ReadonlyMap<string, HistoryNeed>;

  constructor(audiences: readonly RunningAudience[]) {
    const versions = audiences.flatMap(({ present, coming }) => [present, coming]);
    this.needs = historyNeeds(versions.flatMap((version) => (version ? [version.condition] : [])));
    for (const audience of audiences) {
      this.byId.set(audience.id, audience);
      for (const version of [audience.present, audience.coming]) {
        for (const name of version?.references.factNames ?? []) add(this.byFact, name, audience);
        for (const name of version?.references.traits ?? []) add(this.byTrait, name, audience);
      }
      if (audience.hasVersion((references) => references.holdsForNobodyKnown)) {
        this.forNobodyKnown.push(audience);
      }
    }
  }
}

/** Keeps the book of the last revision; compiles each version once. */
export class AudienceBooks {
  private revision = -1;
  private book = new AudienceBook([]);
  private compiled = new Map<string, RunningVersion>();
  private readonly definitions: DefinitionStore;

  constructor(definitions: DefinitionStore) {
    this.definitions = definitions;
  }

  /** The book of a committed revision, read in the session that holds the lock. */
  async at(session: Session, revision: number): Promise<AudienceBook> {
    if (revision === this.revision) return this.book;
    const audiences = await this.definitions.audiences(session, "", audienceLimits.audiencesMax);
    const activations = await this.definitions.activations(session);
    this.book = new AudienceBook(
      audiences.map((audience) =>
        this.running(
          audience,
          activations.find((activation) => activation.audienceId === audience.id),
        ),
      ),
    );
    this.revision = revision;
    return this.book;
  }

  private running(audience: Audience, activation: Activation | undefined): RunningAudience {
    const active = audience.versions.find((version) => version.state === "ACTIVE");
    const coming = audience.versions.find(
      (version) => version.state === "ACTIVATING" && version.number === activation?.version,
    );
    const presentSinceMs = active?.activatedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
    return new RunningAudience(
      { ...audience, presentSinceMs },
      {
        present: active ? this.compile(audience, active) : null,
        coming: coming ? this.compile(audience, coming) : null,
      },
      activation?.afterPerson ?? "",
    );
  }

  private compile(audience: Audience, version: Audience["versions"][number]): RunningVersion {
    const key = `${audience.id}/${version.number}`;
    const known = this.compiled.get(key);
    if (known) return known;
    const condition = compileRule(version.rule);
    const made = { number: version.number, condition, references: referencesOf(condition) };
    this.compiled.set(key, made);
    return made;
  }
}
