import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { afterAll } from "vitest";

type ReceivedWebhook = {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

/** How the receiver answers; it may hang by never answering. */
export type Answering = (webhook: ReceivedWebhook, response: ServerResponse) => void | Promise<void>;

export type WebhookReceiver = {
  readonly url: string;
  readonly port: number;
  /** Everything received, oldest first. */
  readonly received: ReceivedWebhook[];
  answer: Answering;
};

/** Answers with a status, and nothing else. */
export const status =
  (code: number, headers: Record<string, string> = {}, body = ""): Answering =>
  (_, response) => {
    response.writeHead(code, headers).end(body);
  };

/** A church's own server, on this machine: a real one, over real sockets. Closed when the test file is done. */
export async function webhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const webhook = {
        path: request.url ?? "",
        headers: flat(request.headers),
        body: Buffer.concat(chunks).toString("utf8"),
      };
      received.push(webhook);
      void receiver.answer(webhook, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    received,
    answer: status(204),
  };
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
