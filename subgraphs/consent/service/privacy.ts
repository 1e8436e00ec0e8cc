import type { ConsentChange } from "../../../kernel/announcements/consent-change.ts";
import type { Database } from "../../../kernel/database/database.ts";
import type {
  ExportPage,
  ExportSubject,
  PrivacyDuties,
} from "../../../kernel/federation/privacy-resolver.ts";
import {
  type ErasedSubject,
  type ErasureStep,
  goneKeys,
  keyOf,
} from "../../../kernel/privacy/erased-subject.ts";
import { exportRows } from "../../../kernel/privacy/export-rows.ts";
import { Redactor } from "../../../kernel/privacy/redactor.ts";
import { scrubStream } from "../../../kernel/streams/scrub-stream.ts";
import { readHead } from "../../../kernel/streams/stream-store.ts";
import { eraseStatements } from "../store/erase-statements.ts";
import type { ConsentReader } from "./consent-reader.ts";

const exported = {
  consentStatements: `
    select subject_key as identifier, purpose, nullif(channel, '') as channel, kind, method, source,
      stated_at, recorded_at, expires_at, message_id, actor
    from consent.statements where subject_key = any($1::text[]) or $2::text[] is null
    order by stated_at, id`,
  suppressions: `
    select address_key as identifier, nullif(channel, '') as channel, reason, note, created_at,
      created_by, lifted_at
    from consent.suppressions where address_key = any($1::text[]) or $2::text[] is null
    order by created_at, id`,
  consentSignals: `
    select subject_key as identifier, kind, is_on, seen_at
    from consent.signals where subject_key = any($1::text[]) or $2::text[] is null`,
};

/**
 * Forgets what was said. A suppression goes on, by a keyed hash of its address: who asked to be
 * erased asked even less for mail.
 */
export class ConsentPrivacy implements PrivacyDuties {
  private readonly database: Database;
  private readonly reader: ConsentReader;

  constructor(database: Database, reader: ConsentReader) {
    this.database = database;
    this.reader = reader;
  }

  async erase(subject: ErasedSubject, next: string | null): Promise<ErasureStep> {
    if (next === null) {
      const shared = subject.identifiers.filter(({ isGone }) => !isGone);
      await eraseStatements(this.database, {
        keys: goneKeys(subject),
        stretches: shared.map((each) => ({ ...each, key: keyOf(each) })),
        erasedAt: subject.erasedAt,
      });
      const head = await readHead(this.database, "consent");
      return { isDone: false, next: JSON.stringify({ upTo: head, next: null }) };
    }
    const at = JSON.parse(next) as { upTo: number; next: string | null };
    const redactor = new Redactor(subject.identifiers.filter(({ isGone }) => isGone));
    const step = await this.scrub(subject, redactor, at.upTo, at.next);
    return step.isDone
      ? step
      : { isDone: false, next: JSON.stringify({ upTo: at.upTo, next: step.next }) };
  }

  async export({ identifiers, personIds }: ExportSubject): Promise<ExportPage> {
    const sections = await exportRows(this.database, exported, identifiers.map(keyOf), personIds);
    const questions = personIds.map((personId) => ({ personId, purposes: null, channel: null }));
    const decisions = (await this.reader.decisions(questions)).flat();
    return { sections: { ...sections, consentDecisions: decisions }, next: null };
  }

  private scrub(
    subject: ErasedSubject,
    redactor: Redactor,
    upTo: number,
    next: string | null,
  ): Promise<ErasureStep> {
    const rewrite = ({ payload }: { payload: unknown }) => {
      const change = payload as ConsentChange;
      if (change.occurredAt > subject.erasedAt) return null;
      const redacted = redactor.json(change);
      if (redacted === change) return null;
      const cause = { ...redacted.cause, messageId: null };
      const key = redacted.identifier ? keyOf(redacted.identifier) : "*";
      return { key, payload: { ...redacted, cause } };
    };
    const { parts, digits } = redactor;
    return scrubStream(this.database, "consent", { upTo, parts, digits, keys: [], rewrite }, next);
  }
}
