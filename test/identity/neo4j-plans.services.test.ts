import { expect, test } from "@jest/globals";
import { auth, driver, type Plan } from "neo4j-driver";
import { edgeBetween } from "../../subgraphs/identity/store/neo4j-rows.ts";
import {
  changeEvidence,
  saveEvidence,
} from "../../subgraphs/identity/store/neo4j-save-statements.ts";
import { neo4jUri, openEngines, openStoreOn } from "./neo4j-world.ts";

async function operatorsOf(cypher: string): Promise<string[]> {
  const connection = driver(neo4jUri(), auth.basic("neo4j", ""));
  const session = connection.session();
  const { summary } = await session.run(`EXPLAIN ${cypher}`, { rows: [] });
  await session.close();
  await connection.close();
  const namesOf = ({ operatorType, children }: Plan): string[] => [
    operatorType.replace("@neo4j", ""),
    ...children.flatMap(namesOf),
  ];
  return namesOf(summary.plan as Plan);
}

const find = `
  UNWIND $rows AS row
  MATCH (low:Identifier {key: row.low})
  MATCH (high:Identifier {key: row.high})
  WITH low, high, row.rule AS rule ${edgeBetween}
  RETURN edge`;

test("given one end of an edge may be a hub, when the edge is looked for, then not all edges of that end are walked", async () => {
  const engines = await openEngines();
  await (await openStoreOn(engines)).close();
  for (const statement of [find, changeEvidence, saveEvidence]) {
    const operators = await operatorsOf(statement);
    expect(operators).toContain("Expand(Into)");
    expect(operators).not.toContain("Expand(All)");
    expect(operators.filter((name) => name.startsWith("NodeUniqueIndexSeek"))).toHaveLength(2);
  }
  await engines.streams.stop();
  await engines.database.close();
}, 60_000);
