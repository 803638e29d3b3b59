import type { IntentNotes } from "./documents.ts";
import type { Scene } from "./scene.ts";

/** What the simulator remembers of a PaymentIntent beside its Stripe object. */
export async function notesOf(scene: Scene, intentId: string): Promise<IntentNotes> {
  return (
    (await scene.documents.get("intent_notes", intentId)) ?? {
      id: intentId,
      applied: 0,
      microdepositTries: 0,
    }
  );
}
