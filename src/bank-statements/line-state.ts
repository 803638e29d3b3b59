/**
 * What became of a movement.
 *
 * | state | what it says | where its money stands |
 * |---|---|---|
 * | `matched` | it paid the gift whose reference it quotes | the gift |
 * | `conflicted` | it quotes a gift and is another amount; two people decide | suspense |
 * | `duplicate` | it quotes a gift that had been paid | suspense |
 * | `unmatched` | it quotes nothing we know, or more than one gift it could be for | suspense |
 * | `assigned` | two people said which gift it is for | the gift |
 * | `accepted` | two people took it, another amount, for the gift | the gift |
 * | `returned` | two people sent it back | owed, then paid |
 * | `outgoing` | it left the account; kept to be seen, nothing is booked | – |
 */
export const lineStates = [
  "matched",
  "conflicted",
  "duplicate",
  "unmatched",
  "assigned",
  "accepted",
  "returned",
  "outgoing",
] as const;
export type LineState = (typeof lineStates)[number];

/** States in which nobody has said whose money it is. */
export const isUnassigned = (state: LineState): boolean => state === "unmatched" || state === "duplicate";
