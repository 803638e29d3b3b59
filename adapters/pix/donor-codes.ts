import type { DonorCodes } from "../../src/gateway/donor-codes.ts";
import type { EventSubject, GatewayEvent } from "../../src/gateway/webhook.ts";
import { after } from "../../src/kernel/clock.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { staticBrCode } from "./br-code.ts";
import type { PixAccount } from "./claims.ts";
import { type Asking, beginAsking, type Failure } from "./client.ts";
import { donorTxidOf, readDonorTxid } from "./ids.ts";
import { receivedBetween, slice } from "./received.ts";
import { returnEvents } from "./translate-event.ts";
import { pixOutcome } from "./translate-outcome.ts";
import { pixSchema, type WirePix } from "./wire.ts";

/**
 * A static BR Code for each donor, without an amount, under a txid of their own: their bank can pay it every month by
 * itself (Pix agendado recorrente), and the Pix tells whose it is (facts: giving §4.4).
 */
export function pixDonorCodes(account: PixAccount): DonorCodes {
  return {
    codeOf: (donor) => {
      const { name, city } = account.receiver;
      return staticBrCode({ key: account.key, name, city, txid: donorTxidOf(donor) });
    },
    /** `GET /pix` with every txid: the API's filter by txid takes none so short as a static code's (26 to 35 places). */
    arrivals: async ({ from, to }, call) => {
      const query = { txIdPresente: "true" };
      const events: GatewayEvent[] = [];
      for (let start = from; start < to; start = after(start, slice)) {
        const window = { from: start, to: new Date(Math.min(after(start, slice).getTime(), to.getTime())) };
        const read = await receivedBetween(account.client, window, query, () => beginAsking(call));
        if (!read.ok) return err("the received Pix could not be read");
        const own = read.value.filter(({ txid = "" }) => readDonorTxid(txid) !== undefined);
        events.push(...own.flatMap((pix) => arrivalEvents(account, pix)));
      }
      return ok(events);
    },
  };
}

/** One Pix that a notice names as paid by a donor's own code, as the provider itself has it. */
export async function arrivalOf(
  account: PixAccount,
  endToEndId: string,
  asking: Asking,
): Promise<Result<readonly GatewayEvent[], Failure>> {
  const request = { method: "GET", path: `/pix/${encodeURIComponent(endToEndId)}` } as const;
  const answer = await account.client.ask(pixSchema, request, asking);
  return answer.ok ? ok(arrivalEvents(account, answer.value)) : err(answer.failure);
}

/** The gift, and what has gone back of it since; nothing where it is no donor's, or went to another key. */
function arrivalEvents(account: PixAccount, pix: WirePix): readonly GatewayEvent[] {
  const donorId = pix.txid === undefined ? undefined : readDonorTxid(pix.txid);
  const elsewhere = pix.chave !== undefined && pix.chave !== account.key;
  if (!donorId || elsewhere) return [{ kind: "ignored", type: "pix.other" }];
  const subject: EventSubject = { gatewayPaymentId: pix.endToEndId };
  return [
    { kind: "donor_paid", donorId, outcome: pixOutcome(pix, {}) },
    ...pix.devolucoes.flatMap((made) => returnEvents(made, pix, subject)),
  ];
}
