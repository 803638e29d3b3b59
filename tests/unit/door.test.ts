import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Door, doorOf } from "../../src/platform/door.ts";

let server: Server;
let door: Door;
/** Answers the request under way. */
let answer: () => void;
let asked: Promise<void>;
const sockets: Socket[] = [];

beforeEach(async () => {
  const begun = Promise.withResolvers<void>();
  asked = begun.promise;
  server = createServer((_request, response) => {
    answer = () => response.end("ok");
    begun.resolve();
  });
  door = doorOf(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
});

/** A visitor's connection, open. */
async function visitor(): Promise<{
  socket: Socket;
  heard: () => string;
  ask: () => void;
  left: Promise<unknown>;
}> {
  const taken = once(server, "connection");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  sockets.push(socket);
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => {});
  const left = once(socket, "close");
  await taken;
  const ask = () => void socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  return { socket, heard: () => text, ask, left };
}

test("a connection at work when the door closes has its answer, and brings no more", async () => {
  const { ask, heard, left } = await visitor();
  ask();
  await asked;
  const closed = door.close();
  answer();
  await Promise.all([left, closed]);
  expect(heard()).toContain("200 OK");
});

test("a connection that has asked nothing yet cannot begin any more", async () => {
  const { ask, heard, left } = await visitor();
  const closed = door.close();
  ask();
  await Promise.all([left, closed]);
  expect(heard()).toBe("");
});

test("one that waits between two requests is let go, and nobody comes in", async () => {
  const { ask, heard, left, socket } = await visitor();
  ask();
  await asked;
  const answered = once(socket, "data");
  answer();
  await answered;
  const port = (server.address() as AddressInfo).port;
  await Promise.all([door.close(), left]);
  expect(heard()).toContain("200 OK");
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});
