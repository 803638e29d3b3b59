import { z } from "zod";
import { err, ok } from "../../kernel/result.ts";
import { type ChainHead, type LedgerProof, verifyLedger } from "../../ledger/verify-ledger.ts";
import { type Group, performed } from "../perform.ts";
import { progress } from "../progress.ts";
import { type Named, whichChurches } from "../which-church.ts";

const head = z
  .string()
  .regex(/^\d{1,18}:[0-9a-f]{64}$/, "must be the number:hash an earlier run printed")
  .transform((text): ChainHead => {
    const [number = "", hash = ""] = text.split(":");
    return { number: BigInt(number), hash };
  });
const options = z.object({ church: z.string().optional(), head: head.optional() });

/** `ledger verify`: proves the books of one church, or of all, from their rows alone. */
export function ledgerVerify(group: Group): void {
  performed(group, {
    name: "verify",
    about:
      "Prove the ledger: hash chain, balanced entries, balances that follow from them; exit 1 on a break",
    options,
    example: "--church luz --head 1042:3f9a…   (without --church: every church)",
    async perform({ db }, given, terminal) {
      if (given.head && given.church === undefined) {
        return err({
          code: "invalid_request",
          detail: "--head belongs to one church: name it with --church",
        });
      }
      const churches = await whichChurches(db, given.church);
      if (!churches.ok) return churches;
      const bar = progress("Verifying", churches.value.length, terminal);
      const proofs: { church: Named; proof: LedgerProof }[] = [];
      for (const [done, church] of churches.value.entries()) {
        bar.at(done, church.slug);
        const proof = await verifyLedger(db, church.id, {
          ...(given.head && { knownHead: given.head }),
          onProgress: (seals) => bar.at(done, `${church.slug}: ${seals} entries`),
        });
        proofs.push({ church, proof });
      }
      bar.end();
      const broken = proofs.filter(({ proof }) => !proof.ok).length;
      return ok({
        json: {
          ok: broken === 0,
          churches: proofs.map(({ church, proof }) => ({ church: church.id, slug: church.slug, ...proof })),
        },
        lines: [
          ...proofs.map(({ church, proof }) => `${church.slug.padEnd(24)} ${said(proof)}`),
          "",
          broken === 0 ? "All is as it was booked." : `${broken} of ${proofs.length} ledgers are broken.`,
        ],
        fault: broken > 0,
      });
    },
  })
    .option("--church <church>", "slug or ch_ id; every church without it")
    .option("--head <number:hash>", "a head kept from an earlier run: proves that nothing was cut off since");
}

function said(proof: LedgerProof): string {
  if (!proof.ok) {
    const { kind, ...where } = proof.break;
    const at = Object.entries(where).map(([name, value]) => `${name} ${value}`);
    return `BROKEN: ${kind.replaceAll("_", " ")} (${at.join(", ")})`;
  }
  const kept = proof.head ? `, head ${proof.head.number}:${proof.head.hash}` : "";
  return `ok, ${proof.sealed} sealed, ${proof.waiting} waiting${kept}`;
}
