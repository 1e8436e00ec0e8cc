import type { Scope } from "../../kernel/security/scopes.ts";
import type { IdentityWorld } from "./identity-world.ts";

export interface RecordSaying {
  kind: string;
  key: string;
  observedAt?: string;
  identifiers?: { namespace: string; value: string }[];
  attributes?: unknown;
}

interface Told {
  code: string;
  path: string[];
}

export interface PutResult {
  accepted: number;
  rejected: { index: number; key: string; problems: Told[] }[];
  problems: Told[];
}

export async function putRecords(
  world: Pick<IdentityWorld, "ask">,
  source: string,
  ...records: RecordSaying[]
): Promise<PutResult> {
  const { putRecords: result } = await world.ask<{ putRecords: PutResult }>(
    `mutation ($input: PutRecordsInput!) { putRecords(input: $input) {
      accepted rejected { index key problems { code message path } } problems { code message path }
    } }`,
    { input: { source, records } },
  );
  return result;
}

export interface RecordAnswer {
  source: { name: string };
  kind: string;
  key: string;
  observedAt: string;
  attributes: Record<string, unknown>;
}

export interface PersonAnswer {
  id: string;
  traits: { name: string; value: unknown; source: { name: string } }[];
  records: { nodes: RecordAnswer[]; totalCount: number };
}

export async function person(
  world: Pick<IdentityWorld, "ask">,
  id: string,
  scopes?: readonly Scope[],
): Promise<PersonAnswer> {
  const { person: found } = await world.ask<{ person: PersonAnswer }>(
    `query ($by: PersonBy!) { person(by: $by) { id traits { name value source { name } }
      records { nodes { source { name } kind key attributes observedAt } totalCount } } }`,
    { by: { id } },
    scopes,
  );
  return found;
}

export async function recordsOf(world: Pick<IdentityWorld, "ask">, id: string) {
  return (await person(world, id)).records.nodes;
}
