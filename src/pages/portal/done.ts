import { methodOf, type RecurringScene } from "./recurring-parts.tsx";

const plain = ["paused", "resumed", "skipped", "snoozed", "changed", "canceled", "restarted"] as const;
export type Done = (typeof plain)[number] | "method" | "reminder";

/** What the address says was done, as a sentence; nothing for any other word. */
export function doneNotice(word: string | undefined, scene: RecurringScene): string | undefined {
  const { t } = scene.guest.frame;
  if (word === "method") {
    return scene.nextMandate
      ? t("portal.done.method_waiting")
      : t("portal.done.method", { method: methodOf(scene) });
  }
  if (word === "reminder") return t("portal.done.reminder", { method: methodOf(scene) });
  const done = plain.find((known) => known === word);
  return done && t(`portal.done.${done}`);
}
