/**
 * The arithmetic that check digits are made of. All take plain text; a character outside the alphabet is a bug of
 * the caller's, who has checked the shape before.
 */

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** 0…9 for the digits, 10…35 for A…Z, as IBAN and ISO 11649 count. */
const numberOf = (character: string): number => alphabet.indexOf(character);

/** Each character's value times its weight, summed; the weights begin at the left and repeat. */
export function weightedSum(text: string, weights: readonly number[]): number {
  return [...text].reduce((sum, c, i) => sum + numberOf(c) * (weights[i % weights.length] ?? 0), 0);
}

/** The same with the weights beginning at the right. */
export const weightedFromRight = (text: string, weights: readonly number[]): number =>
  weightedSum([...text].reverse().join(""), weights);

/** Whether a number that ends with its check digit satisfies Luhn's algorithm. */
export function luhnHolds(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, c, i) => {
    const product = Number(c) * (i % 2 === 1 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return sum % 10 === 0;
}

/** The remainder by 97 of the number that letters written as 10…35 give (ISO 7064, as IBAN and ISO 11649 use it). */
export const modulo97 = (text: string): number =>
  [...text].reduce((rest, c) => {
    const value = numberOf(c);
    return (rest * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);
