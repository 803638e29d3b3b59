/** Whether a CPF's two check digits are right; one digit repeated eleven times was never issued. */
export function isCpf(text: string): boolean {
  if (!/^\d{11}$/.test(text) || /^(\d)\1{10}$/.test(text)) return false;
  return checkDigits(text, 9, [10, 9, 8, 7, 6, 5, 4, 3, 2], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
}

/** The same for a CNPJ, whose first twelve characters may be letters since July 2026. */
export function isCnpj(text: string): boolean {
  if (!/^[0-9A-Z]{12}\d{2}$/.test(text) || /^(.)\1{13}$/.test(text)) return false;
  return checkDigits(text, 12, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
}

function checkDigits(
  text: string,
  length: number,
  first: readonly number[],
  second: readonly number[],
): boolean {
  const one = digit(text.slice(0, length), first);
  const two = digit(`${text.slice(0, length)}${one}`, second);
  return text.slice(length) === `${one}${two}`;
}

function digit(text: string, weights: readonly number[]): number {
  const sum = weights.reduce((total, weight, i) => total + weight * (text.charCodeAt(i) - 48), 0);
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}
