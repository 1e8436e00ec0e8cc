import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import { type LawfulBasis, purposeKey } from "../domain/consent-policy.ts";
import type { Purpose } from "../domain/purpose.ts";

interface PurposeRow extends Row {
  name: string;
  title: string;
  basis: LawfulBasis;
  channels: string[];
  categories: string[];
}

/** Every purpose, by name; there are at most `purposesMax`. */
export async function readPurposes(session: Session): Promise<Purpose[]> {
  const text = "select name, title, basis, channels, categories from consent.purposes order by key";
  const rows = await session.query<PurposeRow>({ name: "consent-purposes", text });
  return rows.map(({ name, title, basis, channels, categories }) => ({
    name,
    title,
    basis,
    channels,
    categories,
  }));
}

export async function savePurpose(
  transaction: Transaction,
  purpose: Purpose,
  at: number,
): Promise<void> {
  const { name, title, basis, channels, categories } = purpose;
  await transaction.query(
    `insert into consent.purposes (key, name, title, basis, channels, categories, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (key) do update set name = excluded.name, title = excluded.title,
       basis = excluded.basis, channels = excluded.channels, categories = excluded.categories`,
    [purposeKey(name), name, title, basis, channels, categories, new Date(at)],
  );
}
