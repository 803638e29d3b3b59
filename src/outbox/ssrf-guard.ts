import ipaddr from "ipaddr.js";
import { err, ok, type Result } from "../kernel/result.ts";

/** Where we may send. A church chooses the address, so it could name our own network (OWASP API7:2023, SSRF). */
export type TargetPolicy = {
  /** Sandbox and development only: plain http and any port, to this machine itself and nowhere else. */
  readonly allowPrivateTargets: boolean;
};

/** The ports an https endpoint may listen on: anything else is more likely a service that was never meant for us. */
const ports = new Set(["", "443", "8443"]);
const urlLengthMost = 2048;
/** Names that never leave a network (RFC 6761, RFC 6762, RFC 8375, RFC 9476 and cloud metadata). */
const privateSuffixes = ["localhost", "local", "internal", "intranet", "lan", "home.arpa", "alt", "onion"];

/**
 * Whether `text` may be an endpoint's address, before any name is resolved; the refusal is a sentence for the
 * church's engineer. Whatever way an IP is spelled (decimal, octal, hexadecimal, mapped), the URL parser brings
 * it to one form first. What a name resolves to is checked by {@link addressFault} when connecting.
 */
export function checkTarget(text: string, policy: TargetPolicy): Result<URL, string> {
  if (text.length > urlLengthMost) return err(`must be at most ${urlLengthMost} characters`);
  if (!URL.canParse(text)) return err("must be an absolute URL such as https://chms.example/hooks");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return err("must not carry a user name or password");
  if (url.hash !== "") return err("must not carry a fragment (#)");
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (policy.allowPrivateTargets && (url.protocol === "http:" || url.protocol === "https:")) {
    if (host === "localhost" || isLoopback(host)) return ok(url);
  }
  if (url.protocol !== "https:") return err("must be https");
  if (!ports.has(url.port)) return err("must use port 443 or 8443");
  if (ipaddr.isValid(host)) {
    const fault = addressFault(host, policy);
    return fault === undefined ? ok(url) : err(fault);
  }
  if (!host.includes(".")) return err("must be a full public host name");
  if (privateSuffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))) {
    return err("must be a public host name: this one never leaves a private network");
  }
  return ok(url);
}

/**
 * Why we may not connect to this IP address, or `undefined` when we may. Only global unicast passes; loopback,
 * private, link-local (with the cloud metadata services), carrier-grade NAT, multicast, reserved, and IPv6 forms
 * that carry an IPv4 address inside (mapped, NAT64, 6to4, Teredo) are refused by name.
 */
export function addressFault(address: string, policy: TargetPolicy): string | undefined {
  if (!ipaddr.isValid(address)) return "must be an IP address";
  if (policy.allowPrivateTargets && isLoopback(address)) return undefined;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range !== "unicast") return `must be a public address: ${address} is ${range}`;
  // IANA gives out 2000::/3 only; the rest of IPv6 is not routed, whatever a table leaves out.
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast)) {
    return `must be a public address: ${address} is not global unicast`;
  }
  return undefined;
}

const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

function isLoopback(host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.parse(host).range() === "loopback";
}
