/** The first enhanced status code (RFC 3463) in a server's words; an address such as 4.5.6.7 is none. */
export const statusIn = (text: string): string | undefined =>
  /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/.exec(text)?.[0];

/**
 * Said of the sender's address, a full mailbox or one that takes nothing so long, the system, what was written, or a
 * policy (RFC 3463 §3.2, 3.3, 3.4, 3.7, 3.8; the register's 5.1.7 and 5.1.8): another mail may well arrive.
 */
const ofOtherThings = /^5\.(1\.[78]|2\.[23]|[367]\.\d+)$/;

/** Whether a refusal for good means that this address takes nothing, ever. */
export const meansDeadAddress = (status: string): boolean =>
  status.startsWith("5") && !ofOtherThings.test(status);
