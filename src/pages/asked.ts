import type { Context } from "hono";

/** What the address of a request says under a name; an empty text where it says nothing. */
export const inAddress = (c: Context, name: string): string => c.req.query(name) ?? "";

/** What a form that was sent says under a name; an empty text where it says nothing. */
export const inForm = (form: URLSearchParams, name: string): string => form.get(name) ?? "";
