import { readFile } from "node:fs/promises";
import { z } from "zod";
import { applyReturns } from "../../debits/apply-returns.ts";
import { parseId } from "../../kernel/ids.ts";
import { err, ok } from "../../kernel/result.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurch } from "../which-church.ts";

const options = z.object({ church: z.string(), account: z.string(), file: z.string() });

/** Returns files are small; more is not one. */
const largest = 20_000_000;

/** `ach returns`: what the bank sent back. */
export function achReturns(group: Group): void {
  performed(group, {
    name: "returns",
    about: "Apply a file of returns from the church's bank; bringing it twice changes nothing",
    options,
    example: "--church luz --account gwa_0193… --file returns-1125.txt",
    async perform({ app, db }, given) {
      const church = await whichChurch(db, given.church);
      if (!church.ok) return church;
      const account = parseId("gatewayAccount", given.account);
      if (!account) return err({ code: "invalid_request", detail: "--account must be a gwa_ id" });
      const bytes = await readFile(given.file).catch(() => undefined);
      if (!bytes) return err({ code: "invalid_request", detail: `${given.file} cannot be read` });
      if (bytes.length > largest) return err({ code: "invalid_request", detail: "the file is too large" });
      const applied = await applyReturns(app.deps, church.value.id, account, bytes.toString("latin1"));
      if (!applied.ok) return applied;
      const { results, corrections, others } = applied.value;
      const forAPerson = results.unknown + results.other_amount;
      return ok({
        json: { ...results, corrections, others },
        lines: [
          `${results.declined} declined, ${results.disputed} had been counted and are lost disputes, ${results.already} known.`,
          ...(forAPerson > 0
            ? [`${forAPerson} are of no gift of ours, or of another amount: see the log.`]
            : []),
          ...corrections.map(({ reference, code }) => `${reference}: the bank asks for a change (${code}).`),
        ],
        ...(forAPerson > 0 ? { fault: true } : {}),
      });
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .requiredOption("--account <id>", "gwa_ id of the bank (gateway list)")
    .requiredOption("--file <path>", "the bank's file");
}
