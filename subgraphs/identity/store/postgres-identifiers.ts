import type { Session } from "../../../kernel/database/database.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import * as rows from "./postgres-rows.ts";

/** Identifiers by key; unknown ones are missing. */
export async function identifiersByKey(
  session: Session,
  keys: readonly string[],
): Promise<KnownIdentifier[]> {
  if (keys.length === 0) return [];
  const found = await session.query(
    {
      name: "identity-identifiers",
      text: `select ${rows.identifierColumns} from identity.identifiers i
             where i.key = any($1::text[])`,
    },
    [keys],
  );
  return found.map(rows.toIdentifier);
}

/** Every identifier of the persons, in no order. */
export async function identifiersOfPersons(
  session: Session,
  personIds: readonly string[],
): Promise<KnownIdentifier[]> {
  if (personIds.length === 0) return [];
  const found = await session.query(
    {
      name: "identity-identifiers-of-persons",
      text: `select ${rows.identifierColumns} from identity.identifiers i
             where i.person_id = any($1::text[])`,
    },
    [personIds],
  );
  return found.map(rows.toIdentifier);
}
