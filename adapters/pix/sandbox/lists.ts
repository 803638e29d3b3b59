import { z } from "zod";
import { type ProblemType, Refusal } from "./refusal.ts";

const instant = z.iso.datetime({ offset: true });
const flag = z.enum(["true", "false"]).exactOptional();
const querySchema = z
  .object({
    inicio: instant,
    fim: instant,
    cpf: z.string().exactOptional(),
    cnpj: z.string().exactOptional(),
    txid: z.string().exactOptional(),
    idRec: z.string().exactOptional(),
    status: z.string().exactOptional(),
    txIdPresente: flag,
    devolucaoPresente: flag,
    "paginacao.paginaAtual": z.coerce.number().int().nonnegative().default(0),
    "paginacao.itensPorPagina": z.coerce.number().int().min(1).max(1000).default(100),
  })
  .refine((query) => Date.parse(query.inicio) <= Date.parse(query.fim), "order")
  .refine((query) => query.cpf === undefined || query.cnpj === undefined, "one document");
export type Query = z.output<typeof querySchema>;

export function readQuery(params: URLSearchParams, type: ProblemType): Query {
  const read = querySchema.safeParse(Object.fromEntries(params));
  if (read.success) return read.data;
  const names = read.error.issues.map(({ path }) => path.join(".") || "inicio, fim, cpf, cnpj");
  throw new Refusal(type, `parâmetros inválidos: ${names.join(" ")}`);
}

/** Whether an object made (or a Pix processed) at this instant lies in the window asked for, both ends included. */
export const isAsked = (query: Query, at: string): boolean =>
  Date.parse(at) >= Date.parse(query.inicio) && Date.parse(at) <= Date.parse(query.fim);

/** One page, with the parameters repeated as the API does. */
export function pageOf<T>(
  query: Query,
  all: readonly T[],
): { readonly parametros: object; readonly items: readonly T[] } {
  const {
    inicio,
    fim,
    "paginacao.paginaAtual": paginaAtual,
    "paginacao.itensPorPagina": itensPorPagina,
  } = query;
  const paginacao = {
    paginaAtual,
    itensPorPagina,
    quantidadeDePaginas: Math.max(1, Math.ceil(all.length / itensPorPagina)),
    quantidadeTotalDeItens: all.length,
  };
  const items = all.slice(paginaAtual * itensPorPagina, (paginaAtual + 1) * itensPorPagina);
  return { parametros: { inicio, fim, paginacao }, items };
}
