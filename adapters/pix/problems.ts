import { z } from "zod";
import type { Refusal } from "../../src/gateway/payment.ts";
import { type DonorWords, scrub } from "./evidence.ts";

/** RFC 7807 as API Pix writes it; Efí's older `{nome, mensagem}` and OAuth's `{error}` beside it. */
const problemSchema = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  correlationId: z.string().optional(),
  violacoes: z
    .array(z.object({ razao: z.string().optional(), propriedade: z.string().optional() }))
    .optional()
    .catch(undefined),
  nome: z.string().optional(),
  mensagem: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});
export type Problem = z.output<typeof problemSchema>;

export const readProblem = (body: unknown): Problem => problemSchema.catch({}).parse(body);

/** Every problem type of API Pix 2.9.0 that the calls of this adapter can meet. */
export const knownProblems = [
  "RequisicaoInvalida",
  "AcessoNegado",
  "NaoEncontrado",
  "PermanentementeRemovido",
  "ErroInternoDoServidor",
  "ServicoIndisponivel",
  "IndisponibilidadePorTempoEsgotado",
  "CobNaoEncontrado",
  "CobOperacaoInvalida",
  "CobConsultaInvalida",
  "CobVNaoEncontrada",
  "CobVOperacaoInvalida",
  "CobVConsultaInvalida",
  "CobRNaoEncontrado",
  "CobROperacaoInvalida",
  "CobRConsultaInvalida",
  "PixNaoEncontrado",
  "PixDevolucaoNaoEncontrada",
  "PixConsultaInvalida",
  "PixDevolucaoInvalida",
  "PayloadLocationRecNaoEncontrado",
  "PayloadLocationRecConsultaInvalida",
  "RecNaoEncontrada",
  "RecOperacaoInvalida",
  "RecConsultaInvalida",
  "SolicRecNaoEncontrada",
  "SolicRecOperacaoInvalida",
  "WebhookOperacaoInvalida",
  "WebhookNaoEncontrado",
  "WebhookConsultaInvalida",
  "WebhookRecOperacaoInvalida",
  "WebhookRecConsultaInvalida",
  "WebhookCobROperacaoInvalida",
  "WebhookCobRConsultaInvalida",
] as const;

const known: ReadonlySet<string> = new Set(knownProblems);

/** The last word of the type, such as `CobOperacaoInvalida`; the HTTP status where the body names none. */
export const codeOf = (problem: Problem, status: number): string =>
  problem.type?.split("/").at(-1) || problem.nome || problem.error || `http_${status}`;

/** A type of tomorrow: kept, refused all the same, and told to a person. */
export const isUnknownProblem = (problem: Problem): boolean =>
  problem.type !== undefined && !known.has(problem.type.split("/").at(-1) ?? "");

/**
 * Whether a 404 says that the thing asked for does not exist. A 404 of a proxy or of a wrong base address says
 * nothing of the kind and must never prove that an attempt was not received.
 */
export const saysNotFound = (problem: Problem): boolean =>
  /NaoEncontrad[oa]$/.test(problem.type ?? "") || /nao_encontrad[oa]$/.test(problem.nome ?? "");

/** Our word for a refusal; `undefined` where the status settles nothing (server faults, odd redirects). */
export function reasonFor(status: number): Refusal["reason"] | undefined {
  if (status === 401) return "authentication";
  if (status === 403) return "account_problem";
  if (status === 429) return "rate_limited";
  // 408 and 423 are said by servers that may have begun.
  if (status === 408 || status === 423) return undefined;
  return status >= 400 && status < 500 ? "invalid_request" : undefined;
}

/** What the provider said, with the fields it objects to, scrubbed. */
export function sentenceOf(problem: Problem, words: DonorWords): string {
  const said =
    problem.detail ?? problem.title ?? problem.mensagem ?? problem.error_description ?? "no detail";
  const objections = (problem.violacoes ?? []).map((v) =>
    [v.propriedade, v.razao].filter((part) => part !== undefined).join(": "),
  );
  return scrub([said, ...objections].join(" | "), words);
}
