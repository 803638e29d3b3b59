import { connect, type Socket } from "node:net";

/**
 * A socket that gathers what is written in one turn of the event loop and sends it with one system call. The
 * database library writes a transaction's statements one by one; together they are one packet.
 */
export function corkedSocket(at: { path?: string; host: string[]; port: number[] }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = at.path ? connect(at.path) : connect(at.port[0] ?? 5432, at.host[0]);
    const write = socket.write.bind(socket);
    let corked = false;
    const uncork = () => {
      corked = false;
      socket.uncork();
    };
    const gathering = (...args: Parameters<typeof write>): boolean => {
      if (!corked) {
        corked = true;
        socket.cork();
        setImmediate(uncork);
      }
      return write(...args);
    };
    socket.write = gathering as typeof socket.write;
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.removeListener("error", reject);
      resolve(socket);
    });
  });
}
