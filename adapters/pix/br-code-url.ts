/** Longest URL a code carries (BR Code manual: 77 characters). */
const longest = 77;

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const shape = new RegExp(`^((?:${label}\\.)+[a-z][a-z0-9-]*[a-z0-9])(/[A-Za-z0-9._~%/?=&+:,;-]*)$`, "i");

/**
 * Why the URL inside a BR Code (tag 25) is not sound, or `undefined`. It has no scheme, a public host name and a
 * path: no user, no port, no address in numbers, nothing that could lead a reader elsewhere. Nothing here fetches it.
 */
export function urlFault(url: string): string | undefined {
  if (url.length > longest) return `the URL has more than ${longest} characters`;
  const path = shape.exec(url)?.[2];
  if (path === undefined) return "the URL is not a host name and a path";
  if (path.startsWith("//") || path.split("/").some((part) => part === ".." || part === ".")) {
    return "the URL's path leads elsewhere";
  }
  return undefined;
}

/** The host name of a sound URL, in lower case. */
export function hostOf(url: string): string | undefined {
  return shape.exec(url)?.[1]?.toLowerCase();
}

/** Whether the URL is sound and its host one of `hosts`, or under one of them. */
export function isHostAllowed(url: string, hosts: readonly string[]): boolean {
  const host = urlFault(url) === undefined ? hostOf(url) : undefined;
  return host !== undefined && hosts.some((allowed) => host === allowed || host.endsWith(`.${allowed}`));
}
