import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type {
  IdentifierMove,
  IdentityChange,
} from "../../../kernel/announcements/identity-announcements.ts";
import type {
  StatementFact,
  StatementKind,
  SuppressionFact,
  Tenure,
} from "../domain/consent-facts.ts";
import type { Purpose } from "../domain/purpose.ts";

/** A statement as it is kept. Instants are epoch milliseconds. */
export interface Statement {
  id: string;
  subjectKey: string;
  purposeKey: string;
  /** As it was said: a purpose's name, or what a consent platform calls it. */
  purpose: string;
  channel: string | null;
  kind: StatementKind;
  method: string;
  byOperator: boolean;
  source: string | null;
  statedAt: number;
  recordedAt: number;
  expiresAt: number | null;
  messageId: string | null;
  actor: string | null;
}

/** Which statements stand, by subject and purpose key. */
export interface StandingKey {
  subjectKey: string;
  purposeKey: string;
}

export interface Suppression {
  id: string;
  /** Null once the address was erased; the suppression goes on by its hash. */
  addressKey: string | null;
  channel: string | null;
  reason: string;
  note: string | null;
  createdAt: number;
  liftedAt: number | null;
}

export interface SeenSignal {
  subjectKey: string;
  isOn: boolean;
  seenAt: number;
}

/** A page's bounds: the newest first, from behind the row named by `after`. */
export interface PageBounds {
  first: number;
  after: { at: number; id: string } | null;
}

/** Something a subject of a person said; null: nothing, or there is more to know of the subject. */
export interface Heard {
  personId: string;
  subjectKey: string;
  statement: StatementFact | null;
}

/** What few subjects have, beside what they said. */
export interface RareFacts {
  tenures: Tenure[];
  suppressions: SuppressionFact[];
  signals: SeenSignal[];
  erasures: { subjectKey: string; erasedAt: number }[];
}

/** Subject keys about which something is known. */
export interface SubjectsWithFacts {
  /** They made a statement. */
  spoken: Set<string>;
  /** They made a statement, are suppressed, sent a signal, or were erased. */
  any: Set<string>;
  /** They are suppressed or were erased, perhaps before they came (again). */
  reappeared: Set<string>;
}

/** Keeps what was said, what is suppressed, and which purposes there are. */
export interface ConsentStore {
  /**
   * Until the transaction ends no identifier changes hands and no purpose is defined: whoever it
   * announces is the one. The first statement of what adds or ends something.
   */
  keepOwners(transaction: Transaction): Promise<void>;
  /** Waits for those (`keepOwners`); what comes later sees the identifiers where they are then. */
  moveOwners(transaction: Transaction): Promise<void>;

  purposes(session: Session): Promise<Purpose[]>;
  /** Defines or redefines. */
  savePurpose(transaction: Transaction, purpose: Purpose, at: number): Promise<void>;

  /**
   * Adds statements not yet known (same message, subject, purpose and channel); gives those
   * added.
   */
  addStatements(transaction: Transaction, statements: Statement[]): Promise<Statement[]>;
  /** Moves `heldAt` of standing statements forward. */
  holdStandings(transaction: Transaction, held: StatementFact[]): void;
  standings(session: Session, keys: StandingKey[]): Promise<StatementFact[]>;
  /**
   * Standing grants that have run out and were not taken yet, at most `limit`; each is given
   * once.
   */
  takeExpired(transaction: Transaction, now: number, limit: number): Promise<StatementFact[]>;
  /** A page of statements for each list of subjects, newest first; one more than asked for. */
  statementPages(
    session: Session,
    subjects: string[][],
    bounds: PageBounds,
  ): Promise<Statement[][]>;

  /** Gives the suppression that stands: the new one, or an older one for the same reason. */
  addSuppression(
    transaction: Transaction,
    suppression: Suppression & { addressKey: string },
    actor: string,
  ): Promise<Suppression>;
  /** Lifts what stands on the address (reason null: every reason); gives what was lifted. */
  liftSuppressions(
    transaction: Transaction,
    lift: {
      addressKey: string;
      channel: string | null;
      reason: string | null;
      at: number;
      actor: string;
    },
  ): Promise<Suppression[]>;
  suppressionPage(
    session: Session,
    addressKey: string | null,
    bounds: PageBounds,
  ): Promise<Suppression[]>;

  saveSignals(transaction: Transaction, signals: SeenSignal[]): Promise<void>;
  /**
   * What stands for persons by their identifiers, and by addresses named with them. An entry
   * without
   * statement sends to `rareFacts`; an address that is not known as the person's has one always.
   */
  heard(
    session: Session,
    personIds: readonly string[],
    addresses: readonly { personId: string; address: string }[],
    purposeKeys: readonly string[],
  ): Promise<Heard[]>;
  /** The rest that is known of subjects; tenures as they came to be known. */
  rareFacts(session: Session, subjectKeys: readonly string[]): Promise<RareFacts>;
  /** From now on `heard` sends to `rareFacts` for these subjects. */
  markSeeAlso(transaction: Transaction, subjectKeys: readonly string[]): void;

  /** Notes which subjects changed hands, where it matters for who knew what when. */
  addTenures(
    transaction: Transaction,
    changes: readonly IdentityChange[],
    spoken: ReadonlySet<string>,
  ): void;
  /** Of the identifiers that move, those about which something is known. */
  subjectsWithFacts(session: Session, moves: readonly IdentifierMove[]): Promise<SubjectsWithFacts>;
  /** Forgets what the subjects said; suppressions go on by hash, and a tombstone is left. */
  eraseSubjects(transaction: Transaction, subjectKeys: string[], at: number): Promise<void>;
}
