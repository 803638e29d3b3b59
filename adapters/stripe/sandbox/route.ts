import type { z } from "zod";
import type { Answer } from "./answer.ts";
import type { Form } from "./forms.ts";
import type { Scene } from "./scene.ts";
import { validated } from "./validate.ts";

/** One endpoint: who may call it, and how its form is read. */
export type Route = {
  /** Whether a publishable key may call it. */
  readonly browser: boolean;
  /** Reads the form (refusing before anything runs) and gives what is to be done. */
  prepare(form: Form, caller: Scene["caller"]): Prepared;
};
type Prepared = {
  readonly expand: readonly string[];
  perform(scene: Scene, id: string, sub: string): Promise<Answer>;
};

/** An endpoint by its schema and what it does. */
export function route<T extends { readonly expand: readonly string[] }>(
  schema: z.ZodType<T>,
  perform: (scene: Scene, asked: T, id: string, sub: string) => Promise<Answer>,
  browser = false,
): Route {
  return {
    browser,
    prepare: (form) => {
      const asked = validated(schema, form);
      return { expand: asked.expand, perform: (scene, id, sub) => perform(scene, asked, id, sub) };
    },
  };
}
