import { createServer, connect, type AddressInfo, type Socket } from "node:net";

/** A TCP link to a port that can be cut (a killed process) or held (a frozen one). */
export async function breakableLink(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((inward) => {
    const outward = connect(port, "127.0.0.1");
    for (const socket of [inward, outward]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    inward.pipe(outward);
    outward.pipe(inward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    /** Nothing passes any more, and nobody is told. */
    hold: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
