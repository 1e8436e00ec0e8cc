import type { Database } from "../../../kernel/database/database.ts";
import type { PersonIndex } from "../../../kernel/persons/person-index.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { Audience } from "../domain/audience.ts";
import type { DefinitionStore } from "../store/definition-store.ts";
import type { MembershipRow, MembershipStore } from "../store/membership-store.ts";

/** A page of members and the place in stream `memberships` from which to follow on. */
export interface MemberPage {
  members: MembershipRow[];
  hasNextPage: boolean;
  /** Of the first page: everything that changed since then is in the stream after it. */
  streamPosition: number;
}

/** Where a page ends: the last person, and the stream position of the first page. */
export interface MemberPlace {
  personId: string;
  streamPosition: number;
}

/** An audience that a person is in. */
export interface PersonMembership {
  audience: Audience;
  membership: MembershipRow;
}

/** What can be asked about audiences and their members. */
export class AudienceReading {
  private readonly database: Database;
  private readonly streams: Streams;
  private readonly definitions: DefinitionStore;
  private readonly memberships: MembershipStore;
  private readonly index: PersonIndex;

  constructor(parts: {
    database: Database;
    streams: Streams;
    definitions: DefinitionStore;
    memberships: MembershipStore;
    index: PersonIndex;
  }) {
    this.database = parts.database;
    this.streams = parts.streams;
    this.definitions = parts.definitions;
    this.memberships = parts.memberships;
    this.index = parts.index;
  }

  /** In order of name, after a name ("" for the first page). */
  audiences(after: string, limit: number): Promise<Audience[]> {
    return this.definitions.audiences(this.database, after, limit);
  }

  /** Those of these names that exist. */
  byNames(names: readonly string[]): Promise<Audience[]> {
    return this.definitions.audiencesByName(this.database, names);
  }

  /**
   * Members in order of person id. The stream's head is read before the page, so the page shows at
   * least what the stream told up to it; what changes while somebody pages is in the stream after
   * that place.
   */
  async members(audienceId: number, place: MemberPlace | null, limit: number): Promise<MemberPage> {
    const streamPosition = place?.streamPosition ?? (await this.streams.head("memberships"));
    const after = place?.personId ?? "";
    const found = await this.memberships.members(this.database, audienceId, after, limit + 1);
    return {
      members: found.slice(0, limit),
      hasNextPage: found.length > limit,
      streamPosition,
    };
  }

  /**
   * For each person the audiences he is in, in order of creation; a merged id answers as its
   * survivor.
   */
  async audiencesOf(personIds: readonly string[]): Promise<Map<string, PersonMembership[]>> {
    const survivors = await this.index.survivors(this.database, personIds);
    const present = [...new Set(survivors.values())];
    const rows = await this.memberships.membershipsOf(this.database, present);
    const ids = [...new Set(rows.map((row) => row.audienceId))];
    const audiences = new Map(
      (await this.definitions.audiencesById(this.database, ids)).map((it) => [it.id, it]),
    );
    const byPerson = new Map<string, PersonMembership[]>();
    for (const membership of rows) {
      const list = byPerson.get(membership.personId) ?? [];
      list.push({ audience: audiences.get(membership.audienceId)!, membership });
      byPerson.set(membership.personId, list);
    }
    return new Map(personIds.map((id) => [id, byPerson.get(survivors.get(id) ?? id) ?? []]));
  }
}
