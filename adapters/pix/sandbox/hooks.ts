import { Refusal, violation } from "./refusal.ts";
import { type Scene, textOf } from "./scene.ts";
import { readBody } from "./shapes.ts";

/** The two webhooks without a key are kept under these names. */
export type HookPlace = { readonly key: string } | { readonly kind: "rec" | "cobr" };

const nameOf = (scene: Scene, place: HookPlace): string => {
  if ("kind" in place) return place.kind;
  if (place.key !== scene.account.key) {
    throw violation("WebhookOperacaoInvalida", "chave", "a chave não é deste usuário recebedor");
  }
  return place.key;
};

export async function putHook(scene: Scene, place: HookPlace, given: unknown): Promise<object> {
  const name = nameOf(scene, place);
  const { webhookUrl } = readBody("hook", given);
  await scene.documents.put("hook", name, { webhookUrl, criacao: textOf(scene.now) });
  return {};
}

export async function getHook(scene: Scene, place: HookPlace): Promise<object> {
  const hook = await scene.documents.get("hook", nameOf(scene, place));
  if (!hook) throw new Refusal("WebhookNaoEncontrado", "webhook não estabelecido");
  return "key" in place ? { ...hook, cnpj: scene.account.cnpj } : hook;
}

export async function dropHook(scene: Scene, place: HookPlace): Promise<void> {
  await getHook(scene, place);
  await scene.documents.remove("hook", nameOf(scene, place));
}
