import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
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
import { sweepSchema } from "../../../kernel/privacy/sweep-schema.ts";
import { scrubStream } from "../../../kernel/streams/scrub-stream.ts";
import { readHead } from "../../../kernel/streams/stream-store.ts";
import { eraseFacts } from "../store/erase-facts.ts";

/** Removed by whom they are about, and else of somebody who came back. */
const sweptElsewhere = [
  "person_identifiers",
  "person_redirects",
  "persons",
  "writer",
  "event_facts.subject_key",
];

const exported = {
  audiences: `
    select a.name as audience, m.version, m.is_member, m.entered_at, m.exited_at
    from audiences.memberships m join audiences.audiences a on a.id = m.audience_id
    where m.person_id = any($2::text[]) or $1::text[] is null order by a.name`,
  audienceFacts: `
    select subject_key as identifier, fact_name as name, to_timestamp(at_ms / 1000.0) as at,
      properties as properties_json
    from audiences.event_facts where subject_key = any($1::text[]) or $2::text[] is null
    order by at_ms`,
};

interface Progress {
  stage: "stream" | "sweep";
  upTo: number;
  next: string | null;
}

/** Forgets facts, traits and memberships. */
export class AudiencePrivacy implements PrivacyDuties {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async erase(subject: ErasedSubject, next: string | null): Promise<ErasureStep> {
    const redactor = new Redactor(subject.identifiers.filter(({ isGone }) => isGone));
    if (next === null) {
      await eraseFacts(this.database, {
        keys: goneKeys(subject),
        stretches: subject.identifiers
          .filter(({ isGone }) => !isGone)
          .map((each) => ({ ...each, key: keyOf(each) })),
        personIds: subject.personIds,
        erasedAt: subject.erasedAt,
      });
      return at({
        stage: "stream",
        upTo: await readHead(this.database, "memberships"),
        next: null,
      });
    }
    const progress = JSON.parse(next) as Progress;
    if (progress.stage === "sweep") {
      const step = await sweepSchema(
        this.database,
        "audiences",
        redactor,
        progress.next,
        sweptElsewhere,
      );
      return step.isDone ? step : at({ ...progress, next: step.next });
    }
    const step = await this.scrub(subject, redactor, progress);
    return step.isDone
      ? at({ ...progress, stage: "sweep", next: null })
      : at({ ...progress, next: step.next });
  }

  async export({ identifiers, personIds }: ExportSubject): Promise<ExportPage> {
    const keys = identifiers.map(keyOf);
    return { sections: await exportRows(this.database, exported, keys, personIds), next: null };
  }

  private scrub(
    { personIds }: ErasedSubject,
    redactor: Redactor,
    { upTo, next }: Progress,
  ): Promise<ErasureStep> {
    const persons = new Set(personIds);
    const rewrite = ({ key, payload }: { key: string; payload: unknown }) => {
      const change = redactor.json(payload as MembershipChange);
      if (!persons.has(key)) return change === payload ? null : { payload: change };
      return {
        payload: { ...change, cause: { ...change.cause, messageId: null, eventName: null } },
      };
    };
    const { parts, digits } = redactor;
    const scrubbing = { upTo, parts, digits, keys: personIds, rewrite };
    return scrubStream(this.database, "memberships", scrubbing, next);
  }
}

function at(progress: Progress): ErasureStep {
  return { isDone: false, next: JSON.stringify(progress) };
}
