import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import type { Account } from "./accounts.ts";
import type { Delivery } from "./deliveries.ts";

/** Money is kept as the API writes it; instants as RFC 3339 text. */
export type Party = { readonly cpf?: string; readonly cnpj?: string; readonly nome: string };

export type Claim = {
  readonly kind: "cob" | "cobv";
  readonly txid: string;
  readonly criacao: string;
  readonly calendario: {
    readonly expiracao?: number;
    readonly dataDeVencimento?: string;
    readonly validadeAposVencimento?: number;
  };
  readonly devedor?: Party;
  readonly valor: { readonly original: string; readonly modalidadeAlteracao?: number };
  readonly chave: string;
  readonly solicitacaoPagador?: string;
  readonly infoAdicionais?: readonly { readonly nome: string; readonly valor: string }[];
  readonly loc: { readonly id: number; readonly location: string };
  readonly status: "ATIVA" | "CONCLUIDA" | "REMOVIDA_PELO_USUARIO_RECEBEDOR" | "REMOVIDA_PELO_PSP";
  readonly revisao: number;
  readonly paidBy: readonly string[];
};

export type Return = {
  readonly id: string;
  readonly rtrId: string;
  readonly valor: string;
  readonly natureza: string;
  readonly descricao?: string;
  readonly horario: { readonly solicitacao: string; readonly liquidacao?: string };
  readonly status: "EM_PROCESSAMENTO" | "DEVOLVIDO" | "NAO_REALIZADO";
  readonly motivo?: string;
};

export type Received = {
  readonly endToEndId: string;
  readonly txid?: string;
  readonly valor: string;
  /** Absent for Pix Automático, which is paid to an account. */
  readonly chave?: string;
  readonly horario: string;
  readonly infoPagador?: string;
  /** Who paid: filters use it, answers never tell it. */
  readonly payer: string;
  readonly devolucoes: readonly Return[];
};

export type Location = {
  readonly id: number;
  readonly location: string;
  readonly criacao: string;
  readonly idRec?: string;
};

export type Change = { readonly status: string; readonly data: string };

export type Rec = {
  readonly idRec: string;
  readonly criacao: string;
  readonly vinculo: { readonly contrato: string; readonly devedor: Party; readonly objeto?: string };
  readonly calendario: {
    readonly dataInicial: string;
    readonly dataFinal?: string;
    readonly periodicidade: Rhythm;
  };
  readonly valor?: { readonly valorRec?: string; readonly valorMinimoRecebedor?: string };
  readonly politicaRetentativa: "NAO_PERMITE" | "PERMITE_3R_7D";
  readonly locId?: number;
  readonly status: "CRIADA" | "APROVADA" | "REJEITADA" | "EXPIRADA" | "CANCELADA";
  readonly journey: string;
  readonly atualizacao: readonly Change[];
  readonly encerramento?: Ending;
};
export type Rhythm = "SEMANAL" | "MENSAL" | "TRIMESTRAL" | "SEMESTRAL" | "ANUAL";
export type Ending =
  | { readonly rejeicao: { readonly codigo: string; readonly descricao: string } }
  | {
      readonly cancelamento: {
        readonly solicitante: string;
        readonly codigo: string;
        readonly descricao: string;
      };
    };

export type Request = {
  readonly idSolicRec: string;
  readonly idRec: string;
  readonly calendario: { readonly dataExpiracaoSolicitacao: string };
  readonly destinatario: object;
  readonly status: "CRIADA" | "ACEITA" | "REJEITADA" | "EXPIRADA" | "CANCELADA";
  readonly atualizacao: readonly Change[];
};

export type Try = {
  readonly dataLiquidacao: string;
  readonly tipo: "AGND" | "NTAG";
  readonly endToEndId: string;
  readonly status: "AGENDADA" | "PAGA" | "CANCELADA" | "REJEITADA" | "EXPIRADA";
  readonly atualizacao: readonly Change[];
  readonly rejeicao?: { readonly codigo: string; readonly descricao: string };
};

export type Charge = {
  readonly txid: string;
  readonly idRec: string;
  readonly criacao: string;
  readonly dataDeVencimento: string;
  readonly valor: string;
  readonly infoAdicional?: string;
  readonly recebedor: { readonly agencia?: string; readonly conta: string; readonly tipoConta: string };
  readonly politicaRetentativa: Rec["politicaRetentativa"];
  readonly ajusteDiaUtil: boolean;
  readonly status: "CRIADA" | "ATIVA" | "CONCLUIDA" | "EXPIRADA" | "REJEITADA" | "CANCELADA";
  readonly atualizacao: readonly Change[];
  readonly tentativas: readonly Try[];
  readonly paidBy: readonly string[];
  readonly encerramento?: Ending;
};

export type Hook = { readonly webhookUrl: string; readonly criacao: string };

type Kinds = {
  claim: Claim;
  received: Received;
  location: Location;
  rec: Rec;
  request: Request;
  charge: Charge;
  hook: Hook;
  counter: { readonly count: number };
  /** What the next devolução will come to, when somebody has said so. */
  next_return: { readonly becomes: "waits" | "fails" };
  delivery: Delivery;
};
export type Kind = keyof Kinds;

export type Documents = ReturnType<typeof documentsOf>;

/** One account's objects. Kinds carry the gateway's name, so that simulators can share a store. */
export function documentsOf(account: Account, raw: SandboxDocuments) {
  const place = (id: string) => `${account.id}/${id}`;
  return {
    get: async <K extends Kind>(kind: K, id: string): Promise<Kinds[K] | undefined> =>
      // The one boundary: `put` below is the only writer of these kinds.
      (await raw.get(`pix.${kind}`, place(id))) as Kinds[K] | undefined,
    put: <K extends Kind>(kind: K, id: string, document: Kinds[K]): Promise<void> =>
      raw.put(`pix.${kind}`, place(id), document, [account.id, everyAccount]),
    remove: (kind: Kind, id: string): Promise<void> => raw.remove(`pix.${kind}`, place(id)),
    all: async <K extends Kind>(kind: K): Promise<readonly Kinds[K][]> => {
      const page = { order: "oldest_first", limit: 10_000 } as const;
      return (await raw.list(`pix.${kind}`, account.id, page)).map(({ document }) => document as Kinds[K]);
    },
    /** The next number of this account: ids are made from it, so that a run can be repeated. */
    next: async (): Promise<number> => {
      const before = (await raw.get("pix.counter", place("count"))) as Kinds["counter"] | undefined;
      const count = (before?.count ?? 0) + 1;
      await raw.put("pix.counter", place("count"), { count }, [account.id]);
      return count;
    },
  };
}

/** The key under which the objects of all accounts are found. */
export const everyAccount = "every";

export const accountIdIn = (id: string): string => id.slice(0, id.indexOf("/"));
