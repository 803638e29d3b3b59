/** The value of a character in a CNPJ, letters included since July 2026 (facts: methods §2). */
const value = (character: string): number => character.charCodeAt(0) - 48;

function checkDigit(body: string, heaviest: number): number {
  let weight = heaviest;
  let sum = 0;
  for (const character of body) {
    sum += value(character) * weight;
    weight = weight === 2 ? 9 : weight - 1;
  }
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

const allEqual = (text: string): boolean => new Set(text).size === 1;

/** Eleven digits whose last two are right. */
export function isCpf(text: string): boolean {
  if (!/^\d{11}$/.test(text) || allEqual(text)) return false;
  const body = text.slice(0, 9);
  const weighed = (digits: string, heaviest: number) => {
    let sum = 0;
    for (const [i, digit] of [...digits].entries()) sum += value(digit) * (heaviest - i);
    const rest = sum % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  const first = weighed(body, 10);
  return text === `${body}${first}${weighed(`${body}${first}`, 11)}`;
}

/** Fourteen characters, the first twelve digits or capitals, whose last two digits are right. */
export function isCnpj(text: string): boolean {
  if (!/^[0-9A-Z]{12}\d{2}$/.test(text) || allEqual(text)) return false;
  const body = text.slice(0, 12);
  const first = checkDigit(body, 5);
  return text === `${body}${first}${checkDigit(`${body}${first}`, 6)}`;
}
