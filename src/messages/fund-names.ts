import type { Deps } from "../deps.ts";
import type { ChurchId } from "../kernel/ids.ts";

/** What the church's funds are called, by id; `undefined` for one that is not offered any more. */
export async function fundNames(
  { settings }: Pick<Deps, "settings">,
  church: ChurchId,
): Promise<(id: string) => string | undefined> {
  const funds = (await settings.read(church))?.funds;
  return (id) => funds?.find((fund) => fund.id === id)?.name;
}
