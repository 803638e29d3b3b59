/** Every table, for the checks that walk them all. */
export * from "../access/tables.ts";
export * from "../approvals/tables.ts";
export * from "../bank-statements/tables.ts";
export * from "../churches/tables.ts";
export * from "../debits/tables.ts";
export * from "../donors/tables.ts";
export * from "../giving/tables.ts";
export * from "../idempotency/tables.ts";
export * from "../ledger/tables.ts";
export * from "../messages/tables.ts";
export * from "../offline/tables.ts";
export * from "../outbox/tables.ts";
export * from "../portal/tables.ts";
export * from "../recurring/tables.ts";
export * from "../routing/tables.ts";
export * from "../webhooks/tables.ts";
