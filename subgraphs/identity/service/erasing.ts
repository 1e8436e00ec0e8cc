import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import {
  type Erasure,
  erasureStores,
  type ErasureTarget,
  type ErasureWork,
} from "../domain/erasure.ts";
import type { Erasures } from "../store/erasures.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import type { Tombstones } from "./tombstones.ts";
import type { Actor } from "./steward-result.ts";

/** How long destinations have to take an exit before the identifiers go. */
const exitsWaitMs = 30_000;

/** Whom to erase: exactly one of the two. */
export interface ErasureSubject {
  person?: string | null;
  identifier?: RawIdentifier | null;
}

export type ErasureResult =
  | { erasure: Erasure; problems: [] }
  | { erasure: null; problems: Problem[] };

/** Takes erasures on; the worker carries them out. */
export class Erasing {
  private readonly parts: {
    reader: IdentityReader;
    erasures: Erasures;
    policy: PolicyInForce;
    tombstones: Tombstones;
    clock: Clock;
    wake: () => void;
  };

  constructor(parts: Erasing["parts"]) {
    this.parts = parts;
  }

  byId(id: string): Promise<Erasure | null> {
    return this.parts.erasures.byId(id);
  }

  async erase(subject: ErasureSubject, actor: Actor): Promise<ErasureResult> {
    const target = await this.target(subject);
    if ("code" in target) return { erasure: null, problems: [target] };
    const now = this.parts.clock.now();
    const erasure: Erasure = {
      id: newId("erasure", now.getTime()),
      state: "PENDING",
      reason: actor.reason,
      actor: actor.id,
      personId: target.personId,
      createdAt: now.toISOString(),
      finishedAt: null,
      stores: erasureStores.map((name) => ({ name, state: "PENDING" as const })),
      work: await this.workOf(target, now),
      attempts: 0,
    };
    await this.parts.erasures.add(erasure);
    this.parts.wake();
    return { erasure, problems: [] };
  }

  /** An identifier need not be anybody's: it may wait in quarantine, or be suppressed. */
  private async target({ person, identifier }: ErasureSubject): Promise<ErasureTarget | Problem> {
    const { reader, policy } = this.parts;
    if (person) {
      const found = person.includes("\0")
        ? undefined
        : (await reader.persons([person])).get(person);
      if (found) return { personId: found.id, identifierKey: null };
      return problem("PERSON_UNKNOWN", "There is no such person.", ["subject", "person"]);
    }
    const read = identifier ? policy.identifiers.read(identifier) : null;
    if (!read?.identifier || read.dropped === "UNKNOWN_NAMESPACE") {
      const text =
        "This is no identifier: its namespace is unknown, or its value has no such form.";
      return problem("IDENTIFIER_INVALID", text, ["subject", "identifier"]);
    }
    const { key } = read.identifier;
    return { personId: (await reader.personIdsOf([key])).get(key) ?? null, identifierKey: key };
  }

  private async workOf(target: ErasureTarget, now: Date): Promise<ErasureWork> {
    const { personId, identifierKey } = target;
    const isPerson = identifierKey === null;
    const former = isPerson ? await this.parts.reader.redirectsTo([personId]) : new Map();
    return {
      target,
      personIds: isPerson ? [personId] : [],
      formerIds: isPerson ? (former.get(personId) ?? []) : [],
      remainingPersonId: isPerson ? null : personId,
      // Known from the start where it is named, so that it goes even where the graph has it not.
      identifiers: isPerson ? [] : [this.named(identifierKey)],
      erasedAt: now.toISOString(),
      exitsUntil: new Date(now.getTime() + exitsWaitMs).toISOString(),
      changeIds: [],
      position: null,
      headBefore: Number.MAX_SAFE_INTEGER,
      barrier: null,
      next: null,
    };
  }

  private named(key: string) {
    const end = key.indexOf(":");
    return {
      namespace: key.slice(0, end),
      value: key.slice(end + 1),
      token: this.parts.tombstones.tokenOf(key),
      from: null,
      until: null,
      isGone: true,
    };
  }
}
