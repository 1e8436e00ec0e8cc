import type { Transaction } from "../../../kernel/database/database.ts";
import type { DefinitionStore } from "../store/definition-store.ts";
import type { AudienceBook, AudienceBooks } from "./audience-book.ts";
import type { WorkingMemory } from "./working-memory.ts";

/**
 * Who changes memberships takes this first: one writer at a time over all processes, so that what
 * he reads is what stands when he writes.
 */
export class WriterLock {
  private readonly definitions: DefinitionStore;
  private readonly books: AudienceBooks;
  private readonly memory: WorkingMemory;
  private readonly holder: string;

  /** `holder` is unique to this process. */
  constructor(
    definitions: DefinitionStore,
    books: AudienceBooks,
    memory: WorkingMemory,
    holder: string,
  ) {
    this.definitions = definitions;
    this.books = books;
    this.memory = memory;
    this.holder = holder;
  }

  /** Waits for the lock, holds it until the transaction ends, and gives the audiences at work. */
  async take(transaction: Transaction): Promise<AudienceBook> {
    const { revision, isStillOurs } = await this.definitions.lock(transaction, this.holder);
    const book = await this.books.at(transaction, revision);
    this.memory.trim();
    this.memory.begin(transaction, isStillOurs, revision, book.needs);
    return book;
  }
}
