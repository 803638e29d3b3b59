/**
 * How a gateway's hosted fields come into our page: data beside the adapter. The island named here knows the
 * gateway's browser library; pages only load it where an attempt asks for `use_sdk`, or where the fields make the
 * token that a gift is given with.
 */
export type BrowserSdk = {
  /** The bundled island, `sdk-{gateway}`. */
  readonly island: "sdk-mercadopago" | "sdk-stripe";
  /** The gateway's own library and what it must be allowed to reach. */
  readonly live: BrowserLibrary;
  /** Our stand-in, same origin, for accounts served by the simulator. */
  readonly sandbox: BrowserLibrary;
  /** What a step of `use_sdk` may reach beside, where a bank of any name asks the donor in a frame. */
  readonly challenge?: Pick<BrowserLibrary, "frames" | "forms">;
};

export type BrowserLibrary = {
  readonly script: string;
  /** Origins beyond our own for the content security policy. */
  readonly scripts: readonly string[];
  readonly frames: readonly string[];
  readonly connections: readonly string[];
  /** Where a form of the page may be posted. */
  readonly forms?: readonly string[];
};
