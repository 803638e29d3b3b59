import { createHash, randomBytes } from "node:crypto";

const shape = /^[A-Za-z0-9_-]{43}$/;

/** A fresh secret for a link or a cookie: 256 random bits in base64url. Keep only {@link hashToken} of it. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** Whether the text is spelled as a token of ours; one that is not never reaches the database. */
export const isToken = (text: string): boolean => shape.test(text);

/** SHA-256. No salt or stretching: 256 random bits cannot be guessed from their hash. */
export const hashToken = (token: string): Buffer => createHash("sha256").update(token, "latin1").digest();
