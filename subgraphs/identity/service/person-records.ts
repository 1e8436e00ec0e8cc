import { recordNameOf } from "../domain/records/source-record.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { KnownRecord, Records } from "../store/records.ts";

/** Identifiers of one person that are looked through for records. */
const identifiersMax = 5_000;
const pageIdentifiers = 500;

/** Which records are of which person, and which stand behind identifiers. */
export class PersonRecords {
  private readonly reader: IdentityReader;
  private readonly records: Records;

  constructor(reader: IdentityReader, records: Records) {
    this.reader = reader;
    this.records = records;
  }

  /** By person, first taken in first. */
  async of(personIds: readonly string[]): Promise<Map<string, readonly KnownRecord[]>> {
    const names = new Map<string, string[]>(personIds.map((id) => [id, []]));
    let open = [...personIds];
    for (let from = 0; open.length > 0 && from < identifiersMax; from += pageIdentifiers) {
      const page = { limit: pageIdentifiers, after: String(from) };
      const found = await this.reader.identifiers(open, ["PERSON"], page);
      for (const [id, { identifiers }] of found) {
        names.get(id)!.push(...identifiers.flatMap(({ key }) => recordNameOf(key) ?? []));
      }
      open = open.filter((id) => (found.get(id)?.totalCount ?? 0) > from + pageIdentifiers);
    }
    const known = await this.records.byNames([...names.values()].flat());
    return new Map(
      [...names].map(([id, own]) => [
        id,
        own.flatMap((name) => known.get(name) ?? []).sort((a, b) => a.id - b.id),
      ]),
    );
  }

  /** By key of an identifier; one that is no record has none. */
  async behind(keys: readonly string[]): Promise<Map<string, KnownRecord>> {
    const names = new Map(keys.map((key) => [recordNameOf(key), key]));
    names.delete(null);
    const known = await this.records.byNames([...names.keys()] as string[]);
    return new Map([...known].map(([name, record]) => [names.get(name)!, record]));
  }
}
