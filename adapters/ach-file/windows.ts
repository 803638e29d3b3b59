import { bankingDayAfter, endOfDay, inNewYork } from "./banking-days.ts";

/**
 * A donor's bank must have sent a return so that ours has it by the opening of the second banking day after the money
 * moved; one day more is left for our bank to write its file, and one for the operator to bring it.
 */
const returnDays = 4;
/** How many banking days may pass until the file that carries a gift is with the bank and effective. */
const fileDays = 2;

/** When no return of a debit that moved on `effectiveOn` is to be expected any more, the holder's protest apart. */
export const silentAfter = (effectiveOn: string): Date => endOfDay(bankingDayAfter(effectiveOn, returnDays));

/** When a gift made at `createdAt` ought to be settled, whoever keeps no books of the files. */
export const answerDueFor = (createdAt: Date): Date =>
  silentAfter(bankingDayAfter(inNewYork(createdAt).date, fileDays));

/** The end of the next banking day: when to ask again after that. */
export const nextLook = (now: Date): Date => endOfDay(bankingDayAfter(inNewYork(now).date, 1));
