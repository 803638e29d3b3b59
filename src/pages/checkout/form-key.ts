/**
 * The key a rendered form carries: 128 random bits, so that sending the form twice is one gift and nobody can
 * guess another donor's form. It is the donation's idempotency key.
 */
export function newFormKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `form_${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export const isFormKey = (text: string): boolean => /^form_[0-9a-f]{32}$/.test(text);
