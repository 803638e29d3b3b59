/**
 * Three more tries within seven days after the due date (`PERMITE_3R_7D`). Allowed is not done: each is one more
 * `charge` of the same attempt by us.
 */
export const retriesMost = 3;
export const retryDays = 7;
