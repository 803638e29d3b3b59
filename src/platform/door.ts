import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The way in of a running server. */
export type Door = {
  /** Takes no new requests; resolves when those under way are answered and nobody is connected any more. */
  close(): Promise<void>;
};

/**
 * Stands at a server's door, from before its first connection. Node's own `close` only ends connections that are idle
 * between two requests (24.21): one that is busy at that moment, or has not asked anything yet, would go on bringing
 * requests for as long as it likes, and hold up the end.
 */
export function doorOf(server: Server): Door {
  const unasked = new Set<Socket>();
  let closing = false;
  server.on("connection", (socket: Socket) => {
    unasked.add(socket);
    socket.once("close", () => unasked.delete(socket));
  });
  server.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    unasked.delete(socket);
    response.once("close", () => {
      if (closing) socket.end();
    });
  });
  return {
    close: () =>
      new Promise((resolve) => {
        closing = true;
        server.close(() => resolve());
        for (const socket of unasked) socket.destroy();
      }),
  };
}
