import { dynamicBrCode } from "./br-code.ts";
import { hostOf } from "./br-code-url.ts";
import { brCodeFromHosts, readBrCode } from "./read-br-code.ts";

/** What of the account is needed to show a code. */
export type Receiver = {
  readonly name: string;
  readonly city: string;
  /** Hosts its codes may lead to; empty: only the one the provider names in the same answer. */
  readonly hosts: readonly string[];
};

/** Where a provider says that a code comes from and leads to. */
export type CodeParts = {
  readonly copyCode: string | undefined;
  readonly location: string | undefined;
  /** Of a recurrence rather than of one payment. */
  readonly recurrence?: true;
};

/**
 * The text of the QR code. The provider's own, when it reads well and leads where it should: a corrupt code, or one
 * that leads to a stranger, is never shown to a donor. Some providers leave it out: then it is built from the
 * location. `undefined` when there is nothing that can be shown.
 */
export function codeFor(
  receiver: Receiver,
  { copyCode, location, recurrence }: CodeParts,
): string | undefined {
  const url = location?.replace(/^https:\/\//, "");
  const named = url === undefined ? undefined : hostOf(url);
  const hosts = receiver.hosts.length > 0 ? receiver.hosts : named === undefined ? [] : [named];
  if (copyCode !== undefined && copyCode !== "") {
    const read = hosts.length > 0 ? brCodeFromHosts(copyCode, hosts) : readBrCode(copyCode);
    return read.ok && read.value.kind !== "static" ? copyCode : undefined;
  }
  if (url === undefined) return undefined;
  const { name, city } = receiver;
  const built = dynamicBrCode(recurrence ? { recurrenceUrl: url, name, city } : { url, name, city });
  return built.ok && brCodeFromHosts(built.value, hosts).ok ? built.value : undefined;
}
