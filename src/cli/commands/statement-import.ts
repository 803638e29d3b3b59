import { readFile } from "node:fs/promises";
import { z } from "zod";
import { importStatement } from "../../bank-statements/import-statement.ts";
import { type StatementKind, statementKinds } from "../../bank-statements/read-statement.ts";
import { parseId } from "../../kernel/ids.ts";
import { err, ok } from "../../kernel/result.ts";
import { type Group, performed } from "../perform.ts";
import { progress } from "../progress.ts";
import { whichChurch } from "../which-church.ts";

const options = z.object({
  file: z.string(),
  church: z.string(),
  account: z.string(),
  format: z.enum(statementKinds).optional(),
  currency: z.string().optional(),
});

/** `statement import FILE`: the bank's statement confirms the transfers donors announced. */
export function statementImport(group: Group): void {
  performed(group, {
    name: "import <file>",
    about:
      "Import the bank's statement of an account (camt.052, .053, .054, MT940, CSV); again changes nothing",
    options,
    example: "marzo.xml --church luz --account gwa_0193…",
    async perform({ app, db }, given, terminal) {
      const church = await whichChurch(db, given.church);
      if (!church.ok) return church;
      const account = parseId("gatewayAccount", given.account);
      if (!account)
        return err({ code: "invalid_request", detail: "--account is a gwa_ id: see gateway list" });
      const bytes = await readFile(given.file).catch(() => undefined);
      if (!bytes) return err({ code: "not_found", detail: `there is no readable file ${given.file}` });
      const kind: StatementKind | undefined = given.format;
      let bar: ReturnType<typeof progress> | undefined;
      const done = await importStatement(app.deps, {
        churchId: church.value.id,
        gatewayAccountId: account,
        mode: "any",
        bytes,
        ...(kind && { kind }),
        ...(given.currency && { currency: given.currency.toUpperCase() }),
        importedBy: "operator",
        onProgress: (at, of) => {
          bar ??= progress("Importing", of, terminal);
          bar.at(at, "movements");
        },
      });
      bar?.end();
      if (!done.ok) return done;
      const { statement, results, already } = done.value;
      const told = Object.entries(results).filter(([, many]) => many > 0);
      const open = results.unmatched + results.duplicate + results.conflicted;
      return ok({
        json: { statement: statement.id, format: statement.format, lines: statement.lines, already, results },
        lines: [
          `${statement.format}, ${statement.lines} movements, ${already} known before`,
          ...told.map(([state, many]) => `  ${state.padEnd(11)} ${many}`),
          ...(open > 0
            ? ["", `${open} wait for a person: GET /v1/bank-statements/lines, POST /v1/approvals`]
            : []),
        ],
      });
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .requiredOption("--account <id>", "the connected bank account, gwa_…")
    .option("--format <format>", "camt, mt940 or csv, where it cannot be told from the file")
    .option("--currency <code>", "for a CSV that names none; else that of the account's country");
}
