import { z } from "zod";
import { markDebitFileSent } from "../../debits/send-debit-file.ts";
import { parseId } from "../../kernel/ids.ts";
import { err, ok } from "../../kernel/result.ts";
import { type Group, performed } from "../perform.ts";
import { whichChurch } from "../which-church.ts";

const options = z.object({ church: z.string(), file: z.string() });

/** `ach sent`: the bank has the file; from now on no return means paid. */
export function achSent(group: Group): void {
  performed(group, {
    name: "sent",
    about: "Say that the bank has taken a file of debits: without it its gifts are never counted",
    options,
    example: "--church luz --file dbf_0193…",
    async perform({ app, db }, given) {
      const church = await whichChurch(db, given.church);
      if (!church.ok) return church;
      const id = parseId("debitFile", given.file);
      if (!id) return err({ code: "invalid_request", detail: "--file must be a dbf_ id (ach file)" });
      const file = await markDebitFileSent(app.deps, church.value.id, id);
      if (!file.ok) return file;
      const until = file.value.silentAfter.toISOString();
      return ok({
        json: { file: id, state: file.value.state, returns_until: until },
        lines: [`Noted. What has not come back by ${until} counts as paid.`],
      });
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .requiredOption("--file <id>", "dbf_ id");
}
