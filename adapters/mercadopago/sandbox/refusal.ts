/** The simulator says no, in Mercado Pago's shape. Thrown by handlers, turned into an answer in one place. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: object;

  constructor(status: number, error: string, message: string, cause: readonly Cause[] = []) {
    super(message);
    this.status = status;
    this.body = { message, error, status, cause };
  }
}

export type Cause = { readonly code: number | string; readonly description: string; readonly data: null };

/** 400 with one of the gateway's numbered causes. */
export const bad = (code: number | string, description: string): Refusal =>
  new Refusal(400, "bad_request", description, [{ code, description, data: null }]);

export const missing = (what: string): Refusal => new Refusal(404, "not_found", `${what} not found`);
