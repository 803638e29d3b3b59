import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { buildDebitFile, rebuildDebitFile } from "../../debits/build-debit-file.ts";
import { isCurrency } from "../../kernel/currency.ts";
import { parseId } from "../../kernel/ids.ts";
import { formatMoney, money } from "../../kernel/money.ts";
import { err, ok } from "../../kernel/result.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurch } from "../which-church.ts";

const options = z.object({
  church: z.string(),
  account: z.string().optional(),
  again: z.string().optional(),
  into: z.string(),
});

/** `ach file`: the debits that wait, as a file for the church's bank. */
export function achFile(group: Group): void {
  performed(group, {
    name: "file",
    about: "Write the debits that wait to a file for the church's bank (it holds account numbers)",
    options,
    example: "--church luz --account gwa_0193… --into .   (--again dbf_… writes an earlier one once more)",
    async perform({ app, db }, given) {
      const church = await whichChurch(db, given.church);
      if (!church.ok) return church;
      const account = parseId("gatewayAccount", given.account);
      const again = parseId("debitFile", given.again);
      if (!account && !again) {
        return err({ code: "invalid_request", detail: "say --account gwa_… or --again dbf_…" });
      }
      const built = again
        ? await rebuildDebitFile(app.deps, church.value.id, again)
        : account && (await buildDebitFile(app.deps, church.value.id, account));
      if (!built) return err({ code: "invalid_request", detail: "say --account gwa_… or --again dbf_…" });
      if (!built.ok) return built;
      const { record, text, withoutAccount } = built.value;
      const path = join(given.into, record.name);
      // Nobody but its owner reads it: it is the one place where donors' account numbers stand in the clear.
      await writeFile(path, text, { mode: 0o600 });
      const total = isCurrency(record.currency) ? money(record.totalMinor, record.currency) : undefined;
      return ok({
        json: {
          file: record.id,
          path,
          entries: record.entries,
          amount: Number(record.totalMinor),
          currency: record.currency,
          effective_on: record.effectiveOn,
          returns_until: record.silentAfter.toISOString(),
          without_account: withoutAccount,
        },
        lines: [
          `${path}: ${record.entries} debits, ${total ? formatMoney(total, "en-US") : ""}, effective ${record.effectiveOn}.`,
          ...(withoutAccount > 0
            ? [`${withoutAccount} gifts name an account that is not kept: declined.`]
            : []),
          `Bring it to the bank, say \`ach sent --file ${record.id}\`, and delete it.`,
        ],
      });
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .option("--account <id>", "gwa_ id of the bank (gateway list)")
    .option("--again <id>", "dbf_ id of a file whose text was lost")
    .option("--into <folder>", "where it is written", ".");
}
