import type { ConsentStore } from "./consent-store.ts";
import { readHeard, readRareFacts } from "./postgres-facts.ts";
import { readStatementPages } from "./postgres-statement-pages.ts";
import { readPurposes, savePurpose } from "./postgres-purposes.ts";
import { addStatements, holdStandings, readStandings, takeExpired } from "./postgres-statements.ts";
import { addTenures, eraseSubjects, saveSignals, subjectsWithFacts } from "./postgres-subjects.ts";
import { addSuppression, liftSuppressions, readSuppressionPage } from "./postgres-suppressions.ts";
import { markSeeAlso } from "./see-also.ts";

/** Any number; one that nothing else of ours locks. */
const ownersLock = 7_164_320_107;

/** The ledger on PostgreSQL, embedded or not. */
export const postgresConsentStore: ConsentStore = {
  keepOwners: async (transaction) => {
    await transaction.query("select pg_advisory_xact_lock_shared($1)", [ownersLock]);
  },
  moveOwners: async (transaction) => {
    await transaction.query("select pg_advisory_xact_lock($1)", [ownersLock]);
  },
  purposes: readPurposes,
  savePurpose,
  addStatements,
  holdStandings,
  standings: readStandings,
  takeExpired,
  statementPages: readStatementPages,
  addSuppression,
  liftSuppressions,
  suppressionPage: readSuppressionPage,
  saveSignals,
  heard: readHeard,
  rareFacts: readRareFacts,
  markSeeAlso,
  addTenures,
  subjectsWithFacts,
  eraseSubjects,
};
