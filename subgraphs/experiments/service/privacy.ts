import type { Database } from "../../../kernel/database/database.ts";
import type {
  ExportPage,
  ExportSubject,
  PrivacyDuties,
} from "../../../kernel/federation/privacy-resolver.ts";
import {
  type ErasedSubject,
  erasureDone,
  type ErasureStep,
  goneKeys,
  keyOf,
} from "../../../kernel/privacy/erased-subject.ts";
import { exportRows } from "../../../kernel/privacy/export-rows.ts";
import { eraseSubjectsUntil } from "../store/erase-subjects.ts";

const exported = {
  assignments: `
    select subject_key as identifier, experiment, variation, assigned_at
    from experiments.assignments where subject_key = any($1::text[]) or $2::text[] is null
    order by assigned_at`,
  exposures: `
    select subject_key as identifier, experiment, variation, first_at
    from experiments.exposures where subject_key = any($1::text[]) or $2::text[] is null
    order by first_at`,
};

/** Forgets assignments and exposures. */
export class ExperimentPrivacy implements PrivacyDuties {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async erase(subject: ErasedSubject): Promise<ErasureStep> {
    const keys = goneKeys(subject);
    await eraseSubjectsUntil(this.database, keys, subject.personIds, subject.erasedAt);
    return erasureDone;
  }

  async export({ identifiers, personIds }: ExportSubject): Promise<ExportPage> {
    const keys = identifiers.map(keyOf);
    return { sections: await exportRows(this.database, exported, keys, personIds), next: null };
  }
}
