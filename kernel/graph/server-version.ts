/** The first version that has labels by expression and all else that our Cypher uses. */
const needed = { major: 5, minor: 26 };

/** What is wrong with a server that names itself so (`Neo4j/5.18.1`); null: nothing, or it does not say. */
export function versionProblem(agent: string | undefined): string | null {
  const found = /^Neo4j\/(\d+)\.(\d+)/.exec(agent ?? "");
  if (!found) return null;
  const [major, minor] = found.slice(1).map(Number) as [number, number];
  const isOld = major < needed.major || (major === needed.major && minor < needed.minor);
  return isOld
    ? `it is ${major}.${minor}; ${needed.major}.${needed.minor} or later is needed`
    : null;
}
