import { cancelCharge, getCharge, listCharges, putCharge, tryAgain } from "./charges.ts";
import { getClaim, listClaims, putClaim, removeClaim } from "./claims.ts";
import { dropHook, getHook, type HookPlace, putHook } from "./hooks.ts";
import { askReturn, findPix, getReturn, listPix, shownPix } from "./received.ts";
import {
  cancelRec,
  cancelRequest,
  findRequest,
  getRec,
  listRecs,
  makeLocation,
  makeRec,
  makeRequest,
} from "./recurrences.ts";
import type { Scene } from "./scene.ts";

export type Asked = {
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
};
type Route = {
  readonly method: string;
  readonly path: RegExp;
  readonly scope: string;
  readonly status: number;
  perform(scene: Scene, asked: Asked): Promise<object | undefined>;
};

const route = (
  call: `${string} ${string}`,
  scope: string,
  status: number,
  perform: Route["perform"],
): Route => {
  const [method = "", path = ""] = call.split(" ");
  return { method, path: new RegExp(`^${path.replaceAll("*", "([^/]+)")}$`), scope, status, perform };
};
const first = ({ ids }: Asked): string => ids[0] ?? "";
const second = ({ ids }: Asked): string => ids[1] ?? "";

const claimRoutes = (["cob", "cobv"] as const).flatMap((kind) => [
  route(`PUT /${kind}/*`, `${kind}.write`, 201, (scene, asked) =>
    putClaim(scene, kind, first(asked), asked.body),
  ),
  route(`PATCH /${kind}/*`, `${kind}.write`, 200, (scene, asked) =>
    removeClaim(scene, kind, first(asked), asked.body),
  ),
  route(`GET /${kind}/*`, `${kind}.read`, 200, (scene, asked) => getClaim(scene, kind, first(asked))),
]);

const hookRoutes = [
  ["/webhook/*", "webhook", ({ ids }: Asked): HookPlace => ({ key: ids[0] ?? "" })],
  ["/webhookrec", "webhookrec", (): HookPlace => ({ kind: "rec" })],
  ["/webhookcobr", "webhookcobr", (): HookPlace => ({ kind: "cobr" })],
] as const;

/** What of API Pix 2.9.0 is here: all that our adapter calls, and what an operator would try beside it. */
export const routes: readonly Route[] = [
  ...claimRoutes,
  route("GET /cob", "cob.read", 200, (scene, { query }) => listClaims(scene, query)),
  route("GET /pix", "pix.read", 200, (scene, { query }) => listPix(scene, query)),
  route("GET /pix/*", "pix.read", 200, async (scene, asked) => shownPix(await findPix(scene, first(asked)))),
  route("PUT /pix/*/devolucao/*", "pix.write", 201, (scene, asked) =>
    askReturn(scene, first(asked), second(asked), asked.body),
  ),
  route("GET /pix/*/devolucao/*", "pix.read", 200, (scene, asked) =>
    getReturn(scene, first(asked), second(asked)),
  ),
  ...hookRoutes.flatMap(([path, scope, place]) => [
    route(`PUT ${path}`, `${scope}.write`, 200, (scene, asked) => putHook(scene, place(asked), asked.body)),
    route(`GET ${path}`, `${scope}.read`, 200, (scene, asked) => getHook(scene, place(asked))),
    route(`DELETE ${path}`, `${scope}.write`, 204, async (scene, asked) => {
      await dropHook(scene, place(asked));
      return undefined;
    }),
  ]),
  route("POST /locrec", "payloadlocationrec.write", 201, (scene) => makeLocation(scene)),
  route("POST /rec", "rec.write", 201, (scene, { body }) => makeRec(scene, body)),
  route("GET /rec", "rec.read", 200, (scene, { query }) => listRecs(scene, query)),
  route("GET /rec/*", "rec.read", 200, (scene, asked) => getRec(scene, first(asked))),
  route("PATCH /rec/*", "rec.write", 200, (scene, asked) => cancelRec(scene, first(asked), asked.body)),
  route("POST /solicrec", "solicrec.write", 201, (scene, { body }) => makeRequest(scene, body)),
  route("GET /solicrec/*", "solicrec.read", 200, (scene, asked) => findRequest(scene, first(asked))),
  route("PATCH /solicrec/*", "solicrec.write", 201, (scene, asked) =>
    cancelRequest(scene, first(asked), asked.body),
  ),
  route("PUT /cobr/*", "cobr.write", 201, (scene, asked) => putCharge(scene, first(asked), asked.body)),
  route("GET /cobr/*", "cobr.read", 200, (scene, asked) => getCharge(scene, first(asked))),
  route("GET /cobr", "cobr.read", 200, (scene, { query }) => listCharges(scene, query)),
  route("PATCH /cobr/*", "cobr.write", 200, (scene, asked) => cancelCharge(scene, first(asked), asked.body)),
  route("POST /cobr/*/retentativa/*", "cobr.write", 201, (scene, asked) =>
    tryAgain(scene, first(asked), second(asked)),
  ),
];
