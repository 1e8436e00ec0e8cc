import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import type { ExportPage } from "../../../kernel/federation/privacy-resolver.ts";
import type { SubgraphClient } from "../../../kernel/federation/subgraph-client.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { Disclosures } from "../store/disclosures.ts";
import type { IdentityReader, PersonRow } from "../store/identity-reader.ts";
import type { PersonRecords } from "./person-records.ts";
import type { Profiles } from "./profiles.ts";

/** Where else something is known about persons. */
const places = ["Events", "Consent", "Audiences", "Experiments", "Activation"] as const;
const everything = 1_000_000;
const auditPage = 500;

/** Everything that is known about somebody, with where it came from: nothing is left out. */
export class Exports {
  private readonly parts: {
    reader: IdentityReader;
    profiles: Profiles;
    records: PersonRecords;
    disclosures: Disclosures;
    subgraphs: SubgraphClient;
    clock: Clock;
  };

  constructor(parts: Exports["parts"]) {
    this.parts = parts;
  }

  /** Null: there is nobody. That somebody was told is noted, and part of the next export. */
  async person(
    by: { id?: string | null; identifier?: RawIdentifier | null },
    actor: string,
  ): Promise<Record<string, unknown> | null> {
    const { reader, clock, disclosures } = this.parts;
    const person = await this.find(by);
    if (!person) return null;
    const identifiers = await reader.identifiersOfPersons([person.id]);
    const formerIds = (await reader.redirectsTo([person.id])).get(person.id) ?? [];
    const ids = [person.id, ...formerIds];
    const now = clock.now();
    const exported = {
      exportedAt: now.toISOString(),
      isComplete: true,
      person: { id: person.id, createdAt: person.createdAt, formerIds },
      traits: Object.entries(person.record).map(([name, fact]) => ({ name, ...fact })),
      ...(await this.ownSections(person, identifiers)),
      audit: await this.audit(ids),
      disclosures: await disclosures.of(ids),
      ...(await this.elsewhere(ids, identifiers)),
    };
    await disclosures.note({
      ...{ id: newId("disclosure", now.getTime()), personId: person.id, actor, at: now },
    });
    return exported;
  }

  private async find(by: {
    id?: string | null;
    identifier?: RawIdentifier | null;
  }): Promise<PersonRow | null> {
    const { reader, profiles } = this.parts;
    if (by.id)
      return by.id.includes("\0") ? null : ((await reader.persons([by.id])).get(by.id) ?? null);
    const key = by.identifier ? profiles.keyOf(by.identifier) : null;
    if (key === null) return null;
    return (await profiles.personsByKey([key])).get(key) ?? null;
  }

  private async ownSections({ id }: PersonRow, identifiers: readonly KnownIdentifier[]) {
    const { reader, records } = this.parts;
    const keys = identifiers.map(({ key }) => key);
    const statements = (await reader.organisations.statementsOf([id], everything)).get(id) ?? [];
    return {
      identifiers: identifiers.map(({ personId: _, originId: __, ...each }) => each),
      evidence: (await reader.evidenceWithin([id], everything)).get(id) ?? [],
      facts: [...(await reader.sheetsOf(keys)).values()].flat(),
      devices: (await reader.devices([id], everything)).get(id) ?? [],
      accounts: statements,
      records: (await records.of([id])).get(id) ?? [],
      decisions: await reader.decisionsOn(keys),
    };
  }

  private async audit(personIds: readonly string[]): Promise<AuditEntry[]> {
    const found = new Map<string, AuditEntry>();
    for (const personId of personIds) {
      for (let after: string | null = null; ; ) {
        const page: { entry: AuditEntry; sortKey: string }[] = await this.parts.reader.listAudit(
          { personId, kinds: null },
          { limit: auditPage, after },
        );
        for (const { entry } of page) found.set(entry.id, entry);
        if (page.length < auditPage) break;
        after = page.at(-1)!.sortKey;
      }
    }
    return [...found.values()];
  }

  private async elsewhere(personIds: string[], identifiers: readonly KnownIdentifier[]) {
    const sections: Record<string, unknown[]> = {};
    const subject = {
      personIds,
      identifiers: identifiers.map(({ namespace, value }) => ({ namespace, value })),
    };
    for (const place of places) {
      for (let next: string | null = null; ; ) {
        const { page }: { page: ExportPage } = await this.parts.subgraphs.ask(
          place.toLowerCase(),
          `query Export($subject: JSON!, $next: String) {
             page: exportFrom${place}(subject: $subject, next: $next) }`,
          { subject, next },
        );
        for (const [name, rows] of Object.entries(page.sections)) {
          sections[name] = [...(sections[name] ?? []), ...rows];
        }
        next = page.next;
        if (next === null) break;
      }
    }
    return sections;
  }
}
