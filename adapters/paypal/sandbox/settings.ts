import type { Settings } from "./documents.ts";
import type { Scene } from "./scene.ts";

/** How the account is set up at PayPal; a new one may send donations and has money for refunds. */
export async function settingsOf(scene: Scene): Promise<Settings> {
  const kept = await scene.documents.get("settings", idOf(scene));
  return kept ?? { id: idOf(scene), account: scene.account.id, donations: "allowed", refunds: "at_once" };
}

export async function changeSettings(
  scene: Scene,
  change: Partial<Pick<Settings, "donations" | "refunds">>,
): Promise<void> {
  await scene.documents.put("settings", { ...(await settingsOf(scene)), ...change });
}

const idOf = (scene: Scene): string => `settings ${scene.account.id}`;
