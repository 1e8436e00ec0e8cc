import { int } from "neo4j-driver";
import type { GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { DeviceUse } from "./identity-reader.ts";
import * as rows from "./neo4j-rows.ts";

/** Ties of one identifier that are looked at. */
const tiesMax = 1_000;

interface FirstUse {
  personId: string;
  at: string;
}

/** Ties to a device, and devices that are the person's own; latest use first. */
const devicesStatement = `
  UNWIND $personIds AS id
  MATCH (one:Identifier)-[:IDENTIFIES]->(:Person {id: id})
  CALL (one) {
    WITH one WHERE one.kind = 'PERSON' AND NOT coalesce(one.generic, false)
    MATCH (one)-[tie:SEEN_WITH]-(device:Device)
    WITH tie, device LIMIT $tiesMax
    RETURN device, tie.firstSeenAt AS from, ${rows.lastSeenAt("tie")} AS until, tie.confidence AS confidence
    UNION ALL
    WITH one WHERE one:Device
    RETURN one AS device, one.firstSeenAt AS from, ${rows.lastSeenAt("one")} AS until, 1.0 AS confidence
  }
  WITH id, device, min(from) AS from, max(until) AS until, min(confidence) AS confidence
  WHERE ${rows.isSeen("device")}
  WITH id, device, from, until, confidence ORDER BY until DESC, device.key
  WITH id, collect({device: device, from: from, until: until, confidence: confidence}) AS ordered
  UNWIND ordered[..$limit] AS use
  WITH id, use, use.device AS device
  OPTIONAL MATCH (device)-[:IDENTIFIES]->(owner:Person)
  RETURN id, use.from AS from, use.until AS until, use.confidence AS confidence,
    device {${rows.identifierFields}} AS device, owner.id AS ownerId`;

/**
 * Devices beside the identifiers of each person: its own and those that belong to somebody else by
 * now. A device that nobody but anonymous visitors used is its own person's. What a generic value was
 * seen on are devices of all who gave it: nobody's.
 */
export async function devicesOfPersons(
  tx: GraphTransaction,
  personIds: readonly string[],
  limit: number,
): Promise<Map<string, DeviceUse[]>> {
  const found = await tx.run(devicesStatement, {
    personIds,
    limit: int(limit),
    tiesMax: int(tiesMax),
  });
  const devices = found.map((row) => rows.toIdentifier(row.device, row.ownerId));
  const firstUses = await firstUsesOf(tx, [...new Set(devices.map(({ key }) => key))]);
  const uses = found.map((row, place): DeviceUse => {
    const device = devices[place]!;
    const [personId, firstSeenAt] = [row.id as string, row.from as string];
    return {
      personId,
      device,
      firstSeenAt,
      lastSeenAt: row.until as string,
      confidence: row.confidence as number,
      takenOverAt: takeOver(firstUses.get(device.key) ?? [], personId, firstSeenAt),
    };
  });
  return Map.groupBy(uses, ({ personId }) => personId);
}

/** First uses of the devices by each person's own identifiers, ascending. */
async function firstUsesOf(
  tx: GraphTransaction,
  keys: readonly string[],
): Promise<Map<string, FirstUse[]>> {
  if (keys.length === 0) return new Map();
  const found = await tx.run(
    `UNWIND $keys AS key
     CALL (key) {
       MATCH (:Identifier {key: key})-[tie:SEEN_WITH]-(one:Identifier)
       WITH tie, one LIMIT $tiesMax
       WITH tie, one WHERE one.kind = 'PERSON' AND NOT coalesce(one.generic, false)
       MATCH (one)-[:IDENTIFIES]->(person:Person)
       WITH person.id AS personId, min(tie.firstSeenAt) AS at ORDER BY at
       RETURN collect({personId: personId, at: at}) AS uses
     }
     RETURN key, uses`,
    { keys, tiesMax: int(tiesMax) },
  );
  return new Map(found.map(({ key, uses }) => [key as string, uses as FirstUse[]]));
}

function takeOver(uses: readonly FirstUse[], personId: string, from: string): string | null {
  const own = uses.find((use) => use.personId === personId)?.at ?? from;
  return uses.find((use) => use.personId !== personId && use.at > own)?.at ?? null;
}
