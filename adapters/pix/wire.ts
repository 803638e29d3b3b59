import { z } from "zod";
import { readAmount } from "./amounts.ts";

/**
 * The parts of API Pix 2.9.0 that are read back, and no more: the published response schemas are stricter than their
 * own examples, and providers follow the examples. A status is any text: a word of tomorrow is no broken body.
 */

const amount = z.string().transform((text, context) => {
  const read = readAmount(text);
  if (read) return read;
  context.addIssue({ code: "custom", message: "not an amount" });
  return z.NEVER;
});
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** Whole numbers that some providers, and the specification's own example, write as text. */
const whole = z.coerce.number().int().nonnegative().max(2_000_000_000);
const id = (most: number) => z.string().regex(new RegExp(`^[A-Za-z0-9]{1,${most}}$`));

export const returnSchema = z.object({
  id: id(35),
  rtrId: z.string().optional(),
  valor: amount,
  natureza: z.string().optional(),
  horario: z
    .object({ solicitacao: instant.optional(), liquidacao: instant.optional() })
    .optional()
    .catch(undefined),
  status: z.string(),
  motivo: z.string().optional(),
});
export type WireReturn = z.output<typeof returnSchema>;

/** A list; the specification's own webhook example shows a single one without its brackets. */
const returns = z
  .union([z.array(returnSchema), returnSchema.transform((one) => [one])])
  .nullish()
  .transform((list) => list ?? []);

export const pixSchema = z.object({
  endToEndId: id(32),
  txid: id(35).optional(),
  valor: amount,
  horario: instant,
  chave: z.string().optional(),
  devolucoes: returns,
});
export type WirePix = z.output<typeof pixSchema>;

const received = z
  .array(pixSchema)
  .nullish()
  .transform((list) => list ?? []);

const claim = {
  txid: id(35),
  status: z.string(),
  valor: z.object({ original: amount }),
  location: z.string().optional(),
  loc: z.object({ location: z.string().optional() }).optional().catch(undefined),
  pixCopiaECola: z.string().optional(),
  pix: received,
};

export const cobSchema = z.object({
  ...claim,
  calendario: z.object({ criacao: instant, expiracao: whole.default(86_400) }),
});
export type WireCob = z.output<typeof cobSchema>;

export const cobvSchema = z.object({
  ...claim,
  calendario: z.object({
    criacao: instant,
    dataDeVencimento: day,
    validadeAposVencimento: whole.default(30),
  }),
});
export type WireCobv = z.output<typeof cobvSchema>;

const ending = z
  .object({
    rejeicao: z.object({ codigo: z.string() }).optional(),
    cancelamento: z.object({ solicitante: z.string(), codigo: z.string() }).optional(),
  })
  .optional();

const trySchema = z.object({
  dataLiquidacao: z.string(),
  status: z.string(),
  rejeicao: z.object({ codigo: z.string() }).optional(),
});

export const cobrSchema = z.object({
  idRec: id(29),
  txid: id(35),
  status: z.string(),
  valor: z.object({ original: amount }),
  calendario: z.object({ dataDeVencimento: day }),
  politicaRetentativa: z.string().optional(),
  tentativas: z
    .array(trySchema)
    .nullish()
    .transform((list) => list ?? []),
  encerramento: ending,
  pix: received,
});
export type WireCobr = z.output<typeof cobrSchema>;

/** History entries say `status`; in the examples of some objects `nome`. */
const history = z
  .array(z.object({ status: z.string().optional(), nome: z.string().optional(), data: instant }))
  .nullish()
  .transform((list) =>
    (list ?? []).map(({ status, nome, data }) => ({ status: status ?? nome ?? "", at: data })),
  );

export const recSchema = z.object({
  idRec: id(29),
  status: z.string(),
  vinculo: z.object({ contrato: z.string().optional() }).optional(),
  calendario: z.object({ dataInicial: day }).optional().catch(undefined),
  encerramento: ending,
  atualizacao: history,
  loc: z.object({ location: z.string().optional() }).optional().catch(undefined),
  dadosQR: z.object({ pixCopiaECola: z.string().optional() }).optional(),
});
export type WireRec = z.output<typeof recSchema>;

export const locationSchema = z.object({ id: whole, location: z.string() });
export const requestSchema = z.object({ idSolicRec: id(29), status: z.string() });

const paging = z.object({
  parametros: z.object({
    paginacao: z.object({ paginaAtual: whole, quantidadeDePaginas: whole }),
  }),
});
export const pixPageSchema = paging.extend({ pix: received });
export const recPageSchema = paging.extend({ recs: z.array(recSchema) });
export const cobPageSchema = paging;

/**
 * The answer to `PATCH {"status": …}`, which API Pix 2.9.0 gives as the whole object as it now is. Taken back is what
 * carries the asked status and no Pix: a 2xx alone (a queue's, a proxy's, a claim still `ATIVA`) confirms nothing.
 */
export const takenBackSchema = (status: TakenBack) =>
  z.object({ status: z.literal(status), pix: z.array(z.unknown()).max(0).nullish() });
export type TakenBack = "REMOVIDA_PELO_USUARIO_RECEBEDOR" | "CANCELADA";

/** Answers whose body says nothing we need. */
export const emptySchema = z.unknown();

/** What the provider posts: to `/pix`, `/rec` and `/cobr` after the address it was given. */
export const pixNoticeSchema = z.object({ pix: z.array(pixSchema).min(1) });
export const recNoticeSchema = z.object({
  recs: z.array(recSchema.pick({ idRec: true, status: true, encerramento: true, atualizacao: true })).min(1),
});
export const cobrNoticeSchema = z.object({
  cobsr: z
    .array(
      z.object({
        idRec: id(29),
        txid: id(35),
        status: z.string(),
        atualizacao: history,
        tentativas: cobrSchema.shape.tentativas,
      }),
    )
    .min(1),
});
export type RecNotice = z.output<typeof recNoticeSchema>["recs"][number];
