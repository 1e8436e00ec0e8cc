import type { Transaction } from "../../../kernel/database/database.ts";
import type {
  ExportPage,
  ExportSubject,
  PrivacyDuties,
} from "../../../kernel/federation/privacy-resolver.ts";
import {
  type ErasedSubject,
  erasureDone,
  type ErasureStep,
} from "../../../kernel/privacy/erased-subject.ts";
import { exportRows } from "../../../kernel/privacy/export-rows.ts";
import { Redactor } from "../../../kernel/privacy/redactor.ts";
import { sweepSchema } from "../../../kernel/privacy/sweep-schema.ts";
import { PostgresLedgerEraser } from "../store/ledger-eraser.ts";
import type { Workshop } from "./workshop.ts";

/** What people set up is not about anybody. */
const sweptElsewhere = ["destinations", "syncs", "redirects"];

const exported = {
  deliveries: `
    select id, destination, sync, audience, person_id, kind, status, attempts as attempts_json,
      cause as cause_json, decision as decision_json, note, occurred_at, created_at, updated_at
    from activation.deliveries where person_id = any($2::text[]) or $1::text[] is null order by id`,
  destinationsTold: `
    select sync, person_id, told, refused
    from activation.tellings where person_id = any($2::text[]) or $1::text[] is null order by sync`,
};

/** Takes the erased out of destinations, then out of the ledger. */
export class ActivationPrivacy implements PrivacyDuties {
  private readonly workshop: Workshop;
  private readonly eraser = new PostgresLedgerEraser();

  constructor(workshop: Workshop) {
    this.workshop = workshop;
  }

  /**
   * Before the identifiers go: whoever was told of the persons as members is told that they left,
   * by the identifiers that it knows them by. Done when every such message has settled.
   */
  async leave({ personIds }: ErasedSubject): Promise<ErasureStep> {
    const { database } = this.workshop;
    await database.transaction((tx) => this.exitAll(tx, personIds));
    return { isDone: !(await this.eraser.hasOpenExits(database, personIds)), next: null };
  }

  async erase(subject: ErasedSubject, next: string | null): Promise<ErasureStep> {
    const { database, clock } = this.workshop;
    if (next === null) await this.eraser.erase(database, subject.personIds, clock.now());
    const redactor = new Redactor(subject.identifiers.filter(({ isGone }) => isGone));
    const from = next === null || next === "sweep" ? null : next;
    const step = await sweepSchema(database, "activation", redactor, from, sweptElsewhere);
    return step.isDone ? erasureDone : { isDone: false, next: step.next ?? "sweep" };
  }

  async export({ personIds }: ExportSubject): Promise<ExportPage> {
    return {
      sections: await exportRows(this.workshop.database, exported, [], personIds),
      next: null,
    };
  }

  private async exitAll(tx: Transaction, personIds: readonly string[]): Promise<void> {
    this.workshop.syncs.keep(tx);
    await this.eraser.removeMembers(tx, personIds);
    const keys = await this.eraser.tellingsOf(tx, personIds);
    if (keys.length > 0) await this.workshop.reconciler.reconcile(tx, keys);
  }
}
