/**
 * What every gateway's simulator has in common: it answers as the gateway's host does, and a person (or a test)
 * can play the donor and the bank through `control`. Types only.
 */
export type GatewaySandbox<Control> = {
  /** Answers as the gateway's real host does; throws like a failed `fetch` when a connection fault is set. */
  fetch(request: Request): Promise<Response>;
  readonly control: Control;
};

/** A signed event on its way to an endpoint; `body` is the exact text that was signed. */
export type SandboxWebhook = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Sends one webhook and tells the answer's status; a throw counts as no answer. */
export type DeliverWebhook = (webhook: SandboxWebhook) => Promise<{ readonly status: number }>;

/**
 * The state of a simulator: JSON documents by kind and id, each found again under any of its `keys`. Documents
 * are never changed after `put`, so a store may keep the very object it was given.
 */
export type SandboxDocuments = {
  /** The document, or `undefined`. */
  get(kind: string, id: string): Promise<object | undefined>;
  /** Writes or replaces; the first `put` of an id fixes its place in the order of `list`. */
  put(kind: string, id: string, document: object, keys: readonly string[]): Promise<void>;
  remove(kind: string, id: string): Promise<void>;
  /** Documents of a kind under one key, in the order they were first put, or the reverse. */
  list(kind: string, key: string, page: SandboxPage): Promise<readonly SandboxEntry[]>;
};

export type SandboxPage = {
  readonly order: "oldest_first" | "newest_first";
  readonly limit: number;
  /** Only what comes after this id in the order asked for; an id not under the key gives nothing. */
  readonly after?: string;
};
export type SandboxEntry = { readonly id: string; readonly document: object };

export type SandboxStore = SandboxDocuments & {
  /**
   * Runs `work` alone in its lane, all of its writes or (when it throws) none of them. Two lanes never write
   * the same document at once. In PostgreSQL: one transaction that holds an advisory lock on the lane.
   */
  atomically<T>(lane: string, work: (documents: SandboxDocuments) => Promise<T>): Promise<T>;
};
