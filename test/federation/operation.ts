import { readFileSync } from "node:fs";
import { Kind, parse, print } from "graphql";

const files = ["setup", "profile", "identity", "governance", "live", "stewardship"];

/** The published operations by name, each as a document of its own. */
export const operations: Readonly<Record<string, string>> = Object.fromEntries(
  files.flatMap((file) =>
    parse(readFileSync(`test/federation/operations/${file}.graphql`, "utf8")).definitions.map(
      (definition) => [
        definition.kind === Kind.OPERATION_DEFINITION ? definition.name!.value : "",
        print(definition),
      ],
    ),
  ),
);

/** Text of one operation; fails the test when there is none of that name. */
export function operation(name: string): string {
  const text = operations[name];
  if (!text) throw new Error(`no operation ${name}`);
  return text;
}
