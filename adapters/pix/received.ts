import { assert } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Asking, Failure, PixClient } from "./client.ts";
import { pixPageSchema, type WirePix } from "./wire.ts";

/** Providers answer for a few days at once; a larger window is read in slices. */
export const slice = days(5);
/** A bound on pages, so that a provider that never ends cannot hold us: a hundred thousand Pix in a window. */
const pagesMost = 1000;

/** Every Pix received in a window (`GET /pix`), both ends included, page by page; at most a {@link slice}. */
export async function receivedBetween(
  client: PixClient,
  { from, to }: { readonly from: Date; readonly to: Date },
  filter: Readonly<Record<string, string>>,
  asking: () => Asking,
): Promise<Result<readonly WirePix[], Failure>> {
  const found: WirePix[] = [];
  for (let page = 0; page < pagesMost; page++) {
    const query = {
      inicio: from.toISOString(),
      fim: to.toISOString(),
      ...filter,
      "paginacao.paginaAtual": String(page),
      "paginacao.itensPorPagina": "100",
    };
    const answer = await client.ask(pixPageSchema, { method: "GET", path: "/pix", query }, asking());
    if (!answer.ok) return err(answer.failure);
    found.push(...answer.value.pix);
    if (page + 1 >= answer.value.parametros.paginacao.quantidadeDePaginas) return ok(found);
  }
  assert(false, "a window of Pix ends");
}
