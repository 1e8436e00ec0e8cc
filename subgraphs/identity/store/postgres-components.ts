import type { Session } from "../../../kernel/database/database.ts";
import type { Decision } from "../domain/decision.ts";
import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { GraphComponent } from "./graph-rows.ts";
import { identifiersByKey } from "./postgres-identifiers.ts";
import * as rows from "./postgres-rows.ts";

/** Steps after which the engine walks on by itself: people are close, long chains are devices'. */
const stepsMax = 8;

/**
 * Walks the graph breadth first, one set of statements a step, until nothing new is reached. What is
 * further away than a few steps is reached in one statement: a chain of ten thousand is no ten
 * thousand steps.
 */
class Walk {
  readonly identifiers = new Map<string, KnownIdentifier>();
  readonly evidence = new Map<string, Evidence>();
  readonly decisions = new Map<string, Decision>();
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Whether all was reached within the bound. */
  async from(seedKeys: readonly string[], edgesMax: number): Promise<boolean> {
    let frontier = await this.visit(seedKeys, true);
    for (let step = 1; frontier.length > 0; step += 1) {
      const reached = new Set<string>();
      for (const decision of await this.decisionsOn(frontier)) {
        this.decisions.set(decision.id, decision);
        for (const key of [...decision.left, ...decision.right]) reached.add(key);
      }
      for (const evidence of await this.evidenceAt(frontier, edgesMax + 1)) {
        this.evidence.set(evidenceKey(evidence), evidence);
        reached.add(evidence.low).add(evidence.high);
      }
      if (this.evidence.size > edgesMax) return false;
      frontier = await this.visit([...reached], false);
      if (step < stepsMax || frontier.length === 0) continue;
      const keysMax = 2 * edgesMax + this.identifiers.size;
      const beyond = await this.reach(frontier, keysMax);
      if (beyond.length >= keysMax) return false;
      frontier.push(...(await this.visit(beyond, false)));
    }
    return true;
  }

  /** Keys of all that hangs together with these, at most `limit`. */
  private async reach(keys: readonly string[], limit: number): Promise<string[]> {
    const found = await this.session.query<{ key: string }>(
      {
        name: "identity-reach",
        text: `
          with recursive reached (key) as (
            select s.key collate "C" from unnest($1::text[]) as s (key)
            union
            select i.key
            from reached r
            cross join lateral (
              select e.high_key as key from identity.evidence e where e.low_key = r.key
              union all
              select e.low_key from identity.evidence e where e.high_key = r.key
              union all
              select other.key
                from identity.decision_members m
                join identity.decisions d on d.id = m.decision_id and d.in_force
                join identity.decision_members other on other.decision_id = d.id
                where m.key = r.key) near
            cross join lateral (
              select known.key from identity.identifiers known
              where known.key = near.key and not known.generic offset 0) i)
          select key from reached limit $2`,
      },
      [keys, limit],
    );
    return found.map(({ key }) => key);
  }

  /**
   * Reads identifiers not seen before; a generic one is a wall unless it is where the walk begins.
   */
  private async visit(keys: readonly string[], areSeeds: boolean): Promise<string[]> {
    const unseen = keys.filter((key) => !this.identifiers.has(key));
    if (unseen.length === 0) return [];
    const found = await identifiersByKey(this.session, unseen);
    const visited = found.filter(({ generic }) => areSeeds || !generic);
    for (const identifier of visited) this.identifiers.set(identifier.key, identifier);
    return visited.map(({ key }) => key);
  }

  /** An edge between two of the keys comes twice; to keep it out takes each against each. */
  private async evidenceAt(keys: readonly string[], limit: number): Promise<Evidence[]> {
    const found = await this.session.query(
      {
        name: "identity-evidence-at",
        text: `(select ${rows.evidenceColumns} from identity.evidence e
                where e.low_key = any($1::text[]) limit $2)
               union all
               (select ${rows.evidenceColumns} from identity.evidence e
                where e.high_key = any($1::text[]) limit $2)`,
      },
      [keys, limit],
    );
    return found.map(rows.toEvidence);
  }

  private async decisionsOn(keys: readonly string[]): Promise<Decision[]> {
    const found = await this.session.query(
      {
        name: "identity-decisions-on",
        text: `select ${rows.decisionColumns} from identity.decisions d
               where d.in_force and d.id = any(array(
                 select m.decision_id from identity.decision_members m
                 where m.key = any($1::text[])))`,
      },
      [keys],
    );
    return found.map(rows.toDecision);
  }
}

/** See `IdentityGraph.loadComponents`. */
export async function loadComponents(
  session: Session,
  seedKeys: readonly string[],
  edgesMax: number,
): Promise<GraphComponent | null> {
  const walk = new Walk(session);
  if (!(await walk.from(seedKeys, edgesMax))) return null;
  const identifiers = [...walk.identifiers.values()];
  const personIds = [...new Set(identifiers.map(({ personId }) => personId))];
  const persons = await session.query(
    `select ${rows.personColumns} from identity.persons p where p.id = any($1::text[])`,
    [personIds],
  );
  const redirects = await session.query<{ id: string; merged_into: string; created_at: string }>(
    "select id, merged_into, created_at from identity.persons where merged_into = any($1::text[])",
    [personIds],
  );
  const sheets = await session.query(
    "select f.key, f.source, f.facts from identity.fact_sheets f where f.key = any($1::text[])",
    [identifiers.map(({ key }) => key)],
  );
  return {
    identifiers,
    evidence: [...walk.evidence.values()],
    decisions: [...walk.decisions.values()],
    persons: persons.map(rows.toPerson),
    sheets: sheets.map(rows.toSheet),
    redirects: redirects.map((row) => ({
      from: row.id,
      to: row.merged_into,
      createdAt: row.created_at,
    })),
  };
}

/** See `GraphScan.evidenceAt`. */
export async function evidenceAt(
  session: Session,
  key: string,
  limit: number,
): Promise<Evidence[]> {
  const found = await session.query(
    `select ${rows.evidenceColumns} from identity.evidence e
     where e.low_key = $1 or e.high_key = $1 limit $2`,
    [key, limit],
  );
  return found.map(rows.toEvidence);
}
