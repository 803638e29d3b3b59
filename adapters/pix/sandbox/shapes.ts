import { z } from "zod";
import { isCnpj, isCpf } from "./document-numbers.ts";
import { type ProblemType, Refusal, type Violation } from "./refusal.ts";

/**
 * Bodies as API Pix 2.9.0 has them; fields it does not know are passed over, as providers do. Documents are checked
 * by their digits, which the document leaves to the provider and providers do.
 */

const text = (most: number) => z.string().max(most);
const amount = z.string().regex(/^\d{1,10}\.\d{2}$/);
const positive = amount.refine((given) => !/^0+\.00$/.test(given), "zero");
const day = z.iso.date();

const person = (longest: number) =>
  z
    .object({
      cpf: z.string().refine(isCpf).exactOptional(),
      cnpj: z.string().refine(isCnpj).exactOptional(),
      nome: text(longest).min(1),
    })
    .refine((given) => (given.cpf === undefined) !== (given.cnpj === undefined), "one document");

const claim = {
  chave: text(77),
  solicitacaoPagador: text(140).exactOptional(),
  infoAdicionais: z
    .array(z.object({ nome: text(50), valor: text(200) }))
    .max(50)
    .exactOptional(),
  // Locations made beforehand are not offered here.
  loc: z.undefined().optional(),
};

const cobBody = z.object({
  ...claim,
  calendario: z.object({ expiracao: z.int32().positive().default(86_400) }),
  devedor: person(200).exactOptional(),
  valor: z.object({
    original: positive,
    modalidadeAlteracao: z.union([z.literal(0), z.literal(1)]).exactOptional(),
    retirada: z.undefined().optional(),
  }),
});

const cobvBody = z.object({
  ...claim,
  calendario: z.object({
    dataDeVencimento: day,
    validadeAposVencimento: z.int32().nonnegative().default(30),
  }),
  devedor: person(200),
  valor: z.object({ original: positive }),
});

const removal = z.object({ status: z.literal("REMOVIDA_PELO_USUARIO_RECEBEDOR") });
const returnBody = z.object({
  valor: positive,
  natureza: z.enum(["ORIGINAL", "RETIRADA"]).default("ORIGINAL"),
  descricao: text(140).exactOptional(),
});
const hookBody = z.object({ webhookUrl: z.url({ protocol: /^https?$/ }) });

const recBody = z.object({
  vinculo: z.object({ contrato: text(35).min(1), devedor: person(140), objeto: text(35).exactOptional() }),
  calendario: z.object({
    dataInicial: day,
    dataFinal: day.exactOptional(),
    periodicidade: z.enum(["SEMANAL", "MENSAL", "TRIMESTRAL", "SEMESTRAL", "ANUAL"]),
  }),
  valor: z
    .object({ valorRec: positive.exactOptional(), valorMinimoRecebedor: positive.exactOptional() })
    .refine((given) => given.valorRec === undefined || given.valorMinimoRecebedor === undefined, "one amount")
    .exactOptional(),
  politicaRetentativa: z.enum(["NAO_PERMITE", "PERMITE_3R_7D"]),
  loc: z.int().exactOptional(),
});

const requestBody = z.object({
  idRec: z.string().regex(/^[A-Za-z0-9]{29}$/),
  calendario: z.object({ dataExpiracaoSolicitacao: z.iso.datetime({ offset: true }) }),
  destinatario: z.object({
    agencia: text(4).exactOptional(),
    conta: text(20).min(1),
    ispbParticipante: z.string().regex(/^[0-9A-Z]{8}$/),
    cpf: z.string().refine(isCpf).exactOptional(),
    cnpj: z.string().refine(isCnpj).exactOptional(),
  }),
});

const chargeBody = z.object({
  idRec: z.string().regex(/^[A-Za-z0-9]{29}$/),
  infoAdicional: text(140).exactOptional(),
  calendario: z.object({ dataDeVencimento: day }),
  valor: z.object({ original: positive }),
  ajusteDiaUtil: z.boolean(),
  recebedor: z.object({
    agencia: text(4).exactOptional(),
    conta: text(20).min(1),
    tipoConta: z.enum(["CORRENTE", "POUPANCA", "PAGAMENTO"]),
  }),
});
const cancelled = z.object({ status: z.literal("CANCELADA") });

/** Every body the simulator reads, and how the API calls a body that does not fit. */
const shapes = {
  cob: { schema: cobBody, type: "CobOperacaoInvalida", root: "cob" },
  cobv: { schema: cobvBody, type: "CobVOperacaoInvalida", root: "cobv" },
  cobRemoved: { schema: removal, type: "CobOperacaoInvalida", root: "cob" },
  cobvRemoved: { schema: removal, type: "CobVOperacaoInvalida", root: "cobv" },
  returned: { schema: returnBody, type: "PixDevolucaoInvalida", root: "devolucao" },
  hook: { schema: hookBody, type: "WebhookOperacaoInvalida", root: "webhook" },
  rec: { schema: recBody, type: "RecOperacaoInvalida", root: "rec" },
  recCancelled: { schema: cancelled, type: "RecOperacaoInvalida", root: "rec" },
  request: { schema: requestBody, type: "SolicRecOperacaoInvalida", root: "solicrec" },
  requestCancelled: { schema: cancelled, type: "SolicRecOperacaoInvalida", root: "solicrec" },
  charge: { schema: chargeBody, type: "CobROperacaoInvalida", root: "cobr" },
  chargeCancelled: { schema: cancelled, type: "CobROperacaoInvalida", root: "cobr" },
} as const satisfies Record<string, { schema: z.ZodType; type: ProblemType; root: string }>;

type Shapes = typeof shapes;
export type Body<K extends keyof Shapes> = z.output<Shapes[K]["schema"]>;

/** Reads a body by its shape, or refuses it naming every field that does not fit. */
export function readBody<K extends keyof Shapes>(shape: K, given: unknown): Body<K> {
  const { schema, type, root } = shapes[shape];
  const read = schema.safeParse(given);
  if (read.success) return read.data as Body<K>;
  const violations: Violation[] = read.error.issues.map(({ path }) => ({
    razao: "o campo não respeita o esquema",
    propriedade: [root, ...path].join("."),
  }));
  throw new Refusal(type, "o corpo não respeita o esquema", violations);
}
