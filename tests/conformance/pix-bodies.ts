import { dynamicBrCode } from "../../adapters/pix/br-code.ts";

/** Bodies as a provider writes them, for tests without the simulator. */

export const txid = "0190b0c3a4f57d3e8a1b2c3d4e5f6071";
export const endToEndId = "E99999004202611201200abcdef12345";
const location = "pix.example-psp.com.br/qr/v2/9d36b84fc70b478fb95c12729b90ca25";
const code = dynamicBrCode({ url: location, name: "Igreja Exemplo", city: "São Paulo" });
export const copyCode = code.ok ? code.value : "";

type Fields = Readonly<Record<string, unknown>>;

export const cob = (fields: Fields = {}): object => ({
  calendario: { criacao: "2026-11-20T11:59:58.000Z", expiracao: 86_400 },
  txid,
  revisao: 0,
  loc: { id: 7, location, tipoCob: "cob", criacao: "2026-11-20T11:59:58.000Z", txid },
  location,
  status: "ATIVA",
  valor: { original: "500.00" },
  chave: "7d9f0335-8dcc-4054-9bf9-0dbd61d36906",
  pixCopiaECola: copyCode,
  ...fields,
});

export const pix = (fields: Fields = {}): object => ({
  endToEndId,
  txid,
  valor: "500.00",
  chave: "7d9f0335-8dcc-4054-9bf9-0dbd61d36906",
  horario: "2026-11-20T11:59:59.000Z",
  ...fields,
});

export const paid = (fields: Fields = {}): object => cob({ status: "CONCLUIDA", pix: [pix()], ...fields });

export const devolucao = (fields: Fields = {}): object => ({
  id: "0190b0c3a4f57d3e8a1b2c3d4e5f6099",
  rtrId: "D99999004202611201200abcdef12345",
  valor: "500.00",
  natureza: "ORIGINAL",
  horario: { solicitacao: "2026-11-20T11:59:59.500Z" },
  status: "EM_PROCESSAMENTO",
  ...fields,
});

export const rec = (fields: Fields = {}): object => ({
  idRec: "RR99999004202611200000000000a",
  status: "CRIADA",
  vinculo: { contrato: "0190b0c3a4f57d3e8a1b2c3d4e5f6055", devedor: { cpf: "39053344705", nome: "Ana" } },
  calendario: { dataInicial: "2026-12-05", periodicidade: "MENSAL" },
  politicaRetentativa: "PERMITE_3R_7D",
  atualizacao: [{ status: "CRIADA", data: "2026-11-20T11:00:00Z" }],
  ...fields,
});

export const cobr = (fields: Fields = {}): object => ({
  idRec: "RR99999004202611200000000000a",
  txid: `${txid}r`,
  status: "ATIVA",
  valor: { original: "500.00" },
  calendario: { criacao: "2026-11-20", dataDeVencimento: "2026-11-25" },
  politicaRetentativa: "PERMITE_3R_7D",
  ajusteDiaUtil: true,
  recebedor: { conta: "1234567", tipoConta: "PAGAMENTO" },
  tentativas: [],
  ...fields,
});

export const problem = (type: string, status: number, fields: Fields = {}): object => ({
  type: `https://pix.bcb.gov.br/api/v2/error/${type}`,
  title: type,
  status,
  detail: "a requisição não pode ser atendida",
  ...fields,
});

export const token = { access_token: "token-1", token_type: "Bearer", expires_in: 3600 };
