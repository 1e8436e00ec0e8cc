/** Prints the one line that says it is ready; before it, on the first start, the root key. */
export function sayReady(host: string, port: number, newRootKey: string | null): void {
  const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  const address = `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
  if (newRootKey !== null) {
    process.stdout.write(
      `First start. The root key, shown this once (only its hash is kept):\n\n  ${newRootKey}\n\n` +
        `Open ${address}/explorer and enter it there, or send it as \`Authorization: Bearer <key>\`.\n\n`,
    );
  }
  process.stdout.write(`Selfsame is ready on ${address}\n`);
}
