import { int } from "neo4j-driver";
import type { GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { FactSheet } from "../domain/fact.ts";
import {
  auditPerStretch,
  type AuditStretch,
  type GraphErasing,
  type GraphErasure,
  type LostTie,
  lostTiesMax,
  sheetsPerStretch,
  type TextsOfErased,
} from "./graph-erasing.ts";
import { readAnnouncements } from "./neo4j-announcements.ts";
import * as rows from "./neo4j-rows.ts";
import { sheetId } from "./neo4j-save-rows.ts";
import type { WriterCounts } from "./neo4j-turn.ts";

/** Whether a text may name somebody erased; `$parts` and `$digits` are those of the redactor. */
function mentions(text: string): string {
  const bare = [" ", "(", ")", "-", ".", "/"].reduce(
    (expression, sign) => `replace(${expression}, '${sign}', '')`,
    text,
  );
  return `(any(part IN $parts WHERE toLower(${text}) CONTAINS part)
    OR (size($digits) > 0 AND any(part IN $digits WHERE ${bare} CONTAINS part)))`;
}

/** The same of a text at hand. */
function mayName(text: string, { parts, digits }: TextsOfErased): boolean {
  const lower = text.toLowerCase();
  const bare = text.replace(/[ ()./-]/g, "");
  return parts.some((part) => lower.includes(part)) || digits.some((part) => bare.includes(part));
}

/** Forgetting, in one Neo4j transaction whose turn it is. */
export class Neo4jErasing implements GraphErasing {
  readonly lastErasedAt: string | null;
  private readonly tx: GraphTransaction;
  private readonly onErased: () => void;

  constructor(tx: GraphTransaction, counts: WriterCounts, onErased: () => void) {
    this.tx = tx;
    this.onErased = onErased;
    this.lastErasedAt = counts.erasedAt ?? null;
  }

  async tombstones(hashes: readonly string[]): Promise<Map<string, string>> {
    if (hashes.length === 0) return new Map();
    const found = await this.tx.run<{ hash: string; erasedAt: string }>(
      `UNWIND $hashes AS hash MATCH (stone:Tombstone {hash: hash})
       RETURN hash, stone.erasedAt AS erasedAt`,
      { hashes },
    );
    return new Map(found.map(({ hash, erasedAt }) => [hash, erasedAt]));
  }

  async erase({ keys, personIds, tombstones, erasedAt }: GraphErasure): Promise<LostTie[]> {
    this.onErased();
    const lost = await this.tiesOf(keys);
    await this.removeIdentifiers(keys);
    // The node stays, with nothing but its id: the audit log points at it.
    await this.tx.run(
      `UNWIND $personIds AS id
       MATCH (person:Person) WHERE person.id = id OR EXISTS { (person)-[:MERGED_INTO]->(:Person {id: id}) }
       OPTIONAL MATCH (person)-[hop:MERGED_INTO]-()
       DELETE hop
       WITH DISTINCT person REMOVE person:Redirect SET person = {id: person.id}`,
      { personIds },
    );
    await this.tx.run(
      `UNWIND $tombstones AS hash MERGE (stone:Tombstone {hash: hash})
       SET stone.erasedAt =
         CASE WHEN stone.erasedAt > $erasedAt THEN stone.erasedAt ELSE $erasedAt END`,
      { tombstones, erasedAt },
    );
    await this.tx.run(
      `MATCH (writer:GraphWriter {name: 'identity'}) SET writer.erasedAt =
         CASE WHEN writer.erasedAt > $erasedAt THEN writer.erasedAt ELSE $erasedAt END`,
      { erasedAt },
    );
    return lost;
  }

  private async tiesOf(keys: readonly string[]): Promise<LostTie[]> {
    const lost = await this.tx.run(
      `UNWIND $keys AS key
       MATCH (:Identifier {key: key})-[edge:SEEN_WITH]-()
       RETURN DISTINCT edge {${rows.evidenceFields}} AS edge LIMIT $limit`,
      { keys, limit: int(lostTiesMax) },
    );
    return lost.map(({ edge }) => rows.toEvidence(edge)).map(({ low, high }) => ({ low, high }));
  }

  private async removeIdentifiers(keys: readonly string[]): Promise<void> {
    await this.tx.run(
      `UNWIND $keys AS key
       MATCH (:Identifier {key: key})<-[:DECIDES]-(decision:Decision)
       WITH DISTINCT decision
       SET decision.reason = '',
           decision.left = [k IN decision.left WHERE NOT k IN $keys],
           decision.right = [k IN decision.right WHERE NOT k IN $keys]
       WITH decision
       WHERE size(decision.left) = 0
         OR (decision.kind = 'CANNOT_LINK' AND size(decision.right) = 0)
       DETACH DELETE decision`,
      { keys },
    );
    await this.tx.run(
      `UNWIND $keys AS key
       MATCH (identifier:Identifier {key: key})
       OPTIONAL MATCH (sheet:FactSheet)-[:DESCRIBES]->(identifier)
       DETACH DELETE sheet, identifier`,
      { keys },
    );
  }

  async sheetsMentioning(
    after: string,
    parts: readonly string[],
    digits: readonly string[],
  ): Promise<{ sheets: FactSheet[]; next: string | null }> {
    const [row] = await this.tx.run<{ last: string | null; count: number }>(
      `MATCH (sheet:FactSheet) WHERE sheet.id > $after
       WITH sheet.id AS id ORDER BY id LIMIT $limit RETURN max(id) AS last, count(id) AS count`,
      { after, limit: int(sheetsPerStretch) },
    );
    const { last, count } = row!;
    if (last === null) return { sheets: [], next: null };
    const found = await this.tx.run(
      `MATCH (sheet:FactSheet) WHERE sheet.id > $after AND sheet.id <= $last
         AND ${mentions("sheet.facts")}
       RETURN sheet {${rows.sheetFields}} AS sheet`,
      { after, last, parts, digits },
    );
    const sheets = found.map(({ sheet }) => rows.toSheet(sheet));
    return { sheets, next: count < sheetsPerStretch ? null : last };
  }

  async removeSheets(sheets: readonly { key: string; source: string }[]): Promise<void> {
    this.onErased();
    await this.tx.run("UNWIND $ids AS id MATCH (sheet:FactSheet {id: id}) DETACH DELETE sheet", {
      ids: sheets.map(sheetId),
    });
  }

  async scrubAudit(
    { after, parts, digits }: AuditStretch,
    rewrite: (entry: AuditEntry) => AuditEntry | null,
  ): Promise<number | null> {
    const [found] = await this.tx.run<{ last: number | null }>(
      `MATCH (entry:AuditEntry) WHERE entry.position > $after
       WITH entry ORDER BY entry.position LIMIT $limit RETURN max(entry.position) AS last`,
      { after: int(after), limit: int(auditPerStretch) },
    );
    if (!found || found.last === null)
      return (await this.isRelayed({ parts, digits })) ? null : after;
    const entries = await this.tx.run<{ position: number; body: string; revertedBy: string }>(
      `MATCH (entry:AuditEntry) WHERE entry.position > $after AND entry.position <= $last
         AND ${mentions("entry.body")}
       RETURN entry.position AS position, entry.body AS body, entry.revertedBy AS revertedBy`,
      { after: int(after), last: int(found.last), parts, digits },
    );
    for (const { position, body, revertedBy } of entries) {
      const entry = rewrite(rows.toAuditEntry(body, revertedBy));
      if (!entry) continue;
      this.tx.write("MATCH (entry:AuditEntry {position: $position}) SET entry.body = $body", {
        position: int(position),
        body: rows.auditBody(entry),
      });
    }
    return found.last;
  }

  async scrubDecisions(
    { parts, digits }: TextsOfErased,
    rewrite: (reason: string) => string,
  ): Promise<void> {
    const found = await this.tx.run<{ id: string; reason: string }>(
      `MATCH (decision:Decision) WHERE ${mentions("decision.reason")}
       RETURN decision.id AS id, decision.reason AS reason`,
      { parts, digits },
    );
    await this.tx.run(
      `UNWIND $rows AS row MATCH (decision:Decision {id: row.id}) SET decision.reason = row.reason`,
      { rows: found.map(({ id, reason }) => ({ id, reason: rewrite(reason) })) },
    );
  }

  /** Announcements wait in the graph until they are on the stream, and hold the same texts. */
  private async isRelayed(texts: TextsOfErased): Promise<boolean> {
    for (let after = 0; ; ) {
      const page = await readAnnouncements(this.tx, after);
      if (page.length === 0) return true;
      if (page.some(({ payload }) => mayName(JSON.stringify(payload), texts))) return false;
      after = page.at(-1)!.position;
    }
  }
}
