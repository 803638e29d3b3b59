import type { CountryMethod, CountryProfile } from "../gateway/country-profile.ts";
import type { BarredMethod, GatewayManifest, MethodCapability } from "../gateway/manifest.ts";

/** A gateway that carries a country's method, and how. */
export type Carrier = { readonly manifest: GatewayManifest; readonly capability: MethodCapability };

/**
 * Who carries a method for donors of this country, in the country's order of preference, whatever accounts a
 * church has. A gateway that takes it in another way for accounts of another country is there once for each.
 */
export function carriedBy(
  country: CountryProfile,
  method: CountryMethod,
  manifests: ReadonlyMap<string, GatewayManifest>,
): readonly Carrier[] {
  return method.gateways.flatMap((id) => {
    const manifest = manifests.get(id);
    if (!manifest) return [];
    return manifest.methods
      .filter((able) => able.type === method.type && able.countries.includes(country.code))
      .map((capability) => ({ manifest, capability }));
  });
}

/** What gateways have here and a church may not use, with the reason. */
export function barredIn(
  country: string,
  manifests: ReadonlyMap<string, GatewayManifest>,
): readonly { readonly manifest: GatewayManifest; readonly barred: BarredMethod }[] {
  return [...manifests.values()].flatMap((manifest) =>
    manifest.barred
      .filter((barred) => barred.countries.includes(country))
      .map((barred) => ({ manifest, barred })),
  );
}
