import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** The envelope's sender and recipient, and the letter. */
export type ReceivedMail = { readonly from: string; readonly to: string; readonly lines: string };

/**
 * A mail server that answers as RFC 5321 says and keeps what it takes: `refuse` gives the answer to a recipient other
 * than 250, such as `550 5.1.1 no such user`.
 */
export async function smtpServer(refuse: (to: string) => string | undefined = () => undefined) {
  const received: ReceivedMail[] = [];
  const server = createServer((socket) => converse(socket, refuse, received));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it listens on a port");
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `smtp://127.0.0.1:${address.port}`, received };
}

function converse(
  socket: Socket,
  refuse: (to: string) => string | undefined,
  received: ReceivedMail[],
): void {
  let from = "";
  let to = "";
  let letter: string[] | undefined;
  let rest = "";
  const say = (line: string) => socket.write(`${line}\r\n`);
  const hear = (line: string) => {
    if (letter) {
      if (line !== ".") {
        letter.push(line.replace(/^\.\./, "."));
        return;
      }
      received.push({ from, to, lines: letter.join("\n") });
      letter = undefined;
      say("250 2.0.0 taken as 4711");
      return;
    }
    const [verb = ""] = line.toUpperCase().split(" ");
    if (verb === "EHLO") say("250-test.example\r\n250 SIZE 10485760");
    else if (verb === "MAIL") {
      from = /<(.*)>/.exec(line)?.[1] ?? "";
      say("250 2.1.0 ok");
    } else if (verb === "RCPT") {
      to = /<(.*)>/.exec(line)?.[1] ?? "";
      say(refuse(to) ?? "250 2.1.5 ok");
    } else if (verb === "DATA") {
      letter = [];
      say("354 go on");
    } else if (verb === "QUIT") {
      say("221 2.0.0 bye");
      socket.end();
    } else say("250 2.0.0 ok");
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    const lines = (rest + chunk.toString("utf8")).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) hear(line);
  });
  say("220 test.example ESMTP");
}
