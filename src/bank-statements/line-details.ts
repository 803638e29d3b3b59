import { z } from "zod";
import type { Tx } from "../db/client.ts";
import type { BankLineId, ChurchId } from "../kernel/ids.ts";
import type { ChurchVault, Sealed } from "../privacy/vault.ts";
import type { ParsedLine } from "./statement-file.ts";
import type { LineRecord } from "./store.ts";

/** What is said of people in a movement: sealed with the church's key. */
export type LineDetails = Pick<ParsedLine, "texts" | "endToEndId" | "counterparty">;

const stored = z.object({
  texts: z.array(z.string()),
  end_to_end_id: z.string().nullable(),
  name: z.string().nullable(),
  account: z.string().nullable(),
});
const at = (row: BankLineId) => ({ table: "bank_lines", column: "details", row });

export function sealDetails(
  vault: ChurchVault,
  tx: Tx,
  church: ChurchId,
  line: BankLineId,
  details: LineDetails,
): Promise<Sealed> {
  const plain: z.input<typeof stored> = {
    texts: [...details.texts],
    end_to_end_id: details.endToEndId ?? null,
    name: details.counterparty.name ?? null,
    account: details.counterparty.account ?? null,
  };
  return vault.seal(tx, church, at(line), JSON.stringify(plain));
}

export async function openDetails(
  vault: ChurchVault,
  tx: Tx,
  church: ChurchId,
  line: Pick<LineRecord, "id" | "details" | "keyVersion">,
): Promise<LineDetails> {
  const plain = await vault.open(tx, church, at(line.id), line.details, line.keyVersion);
  const read = stored.parse(JSON.parse(plain));
  return {
    texts: read.texts,
    endToEndId: read.end_to_end_id ?? undefined,
    counterparty: { name: read.name ?? undefined, account: read.account ?? undefined },
  };
}
