/** An objection to one field, as API Pix lists them. */
export type Violation = { readonly razao: string; readonly propriedade?: string };

const statuses = {
  RequisicaoInvalida: 400,
  AcessoNegado: 403,
  NaoEncontrado: 404,
  ErroInternoDoServidor: 500,
  ServicoIndisponivel: 503,
  CobOperacaoInvalida: 400,
  CobNaoEncontrado: 404,
  CobConsultaInvalida: 400,
  CobVOperacaoInvalida: 400,
  CobVNaoEncontrada: 404,
  CobRNaoEncontrado: 404,
  CobROperacaoInvalida: 400,
  CobRConsultaInvalida: 400,
  PixNaoEncontrado: 404,
  PixDevolucaoNaoEncontrada: 404,
  PixConsultaInvalida: 400,
  PixDevolucaoInvalida: 400,
  RecNaoEncontrada: 404,
  RecOperacaoInvalida: 400,
  RecConsultaInvalida: 400,
  SolicRecNaoEncontrada: 404,
  SolicRecOperacaoInvalida: 400,
  PayloadLocationRecNaoEncontrado: 404,
  WebhookNaoEncontrado: 404,
  WebhookOperacaoInvalida: 400,
} as const;
export type ProblemType = keyof typeof statuses;

/** A refusal in the API's own words for its kind; thrown, so that what the call had written is taken back. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: object;

  constructor(type: ProblemType, detail: string, violations: readonly Violation[] = []) {
    super(detail);
    this.status = statuses[type];
    this.body = {
      type: `https://pix.bcb.gov.br/api/v2/error/${type}`,
      title: type,
      status: this.status,
      detail,
      ...(violations.length > 0 ? { violacoes: violations } : {}),
    };
  }
}

/** One objection to one field. */
export const violation = (type: ProblemType, propriedade: string, razao: string): Refusal =>
  new Refusal(type, "a requisição não pode ser atendida", [{ razao, propriedade }]);
