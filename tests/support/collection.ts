import { z } from "zod";
import { present } from "../../src/kernel/assert.ts";
import { parseId, uuidOf } from "../../src/kernel/ids.ts";
import type { TestDatabase } from "./database.ts";
import type { MethodChurch, MethodHouse } from "./method-house.ts";

const donation = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.int(),
  recurring_gift: z.string().nullable(),
  attempt: z.string(),
  gateway_payment_id: z.string().nullable(),
  next_action: z.looseObject({ type: z.string() }),
  created_at: z.string(),
  captured_at: z.string().nullable(),
});
export type GivenGift = z.infer<typeof donation>;

const occurrence = z.object({
  id: z.string(),
  period: z.string(),
  due_on: z.string(),
  state: z.string(),
  donation: z.string().nullable(),
  tries: z.int(),
  reminders: z.int(),
  next_at: z.string().nullable(),
  decline: z.object({ code: z.string() }).nullable(),
});
export type SeenOccurrence = z.infer<typeof occurrence>;

/** What has become of recurring gifts, as their church and the books see it. */
export type Diary = {
  /** Lets the world go on until then: simulators, jobs and webhooks, at that moment. */
  until(at: string): Promise<void>;
  /** The donations of a recurring gift, oldest first. */
  given(church: MethodChurch, gift: string): Promise<readonly GivenGift[]>;
  /** Its occurrences, oldest first. */
  due(church: MethodChurch, gift: string): Promise<readonly SeenOccurrence[]>;
  /** What was written to its donor about collecting, oldest first. */
  told(gift: string): Promise<readonly string[]>;
  /** Messages that came to nothing, by kind, with why: none, where every template has what it shows. */
  unwritten(): Promise<readonly string[]>;
  /** What the gateway calls the saved instrument. */
  instrument(gift: string): Promise<string>;
  /** How often money came in for its donations, by the attempts and by the books. */
  money(gift: string): Promise<{ readonly captured: number; readonly booked: number }>;
};

export function diaryOf(house: MethodHouse, superuser: TestDatabase["superuser"]): Diary {
  const uuid = (gift: string) => uuidOf(present(parseId("recurringGift", gift), "a recurring gift's id"));
  return {
    until: (at) => house.pass(new Date(at).getTime() - house.clock.now().getTime()),
    given: async (church, gift) => {
      const { body } = await house.ask(church, "GET", `/v1/donations?recurring_gift=${gift}&limit=100`);
      return z.array(donation).parse(body.data).reverse();
    },
    due: async (church, gift) => {
      const { body } = await house.ask(church, "GET", `/v1/recurring-gifts/${gift}/occurrences?limit=100`);
      return z.array(occurrence).parse(body.data).reverse();
    },
    told: async (gift) => {
      const rows = await superuser`
        select m.kind from messages m
        where m.dedupe_key like ${`%${gift}%`} or exists (
          select from occurrences o where o.recurring_gift_id = ${uuid(gift)}
            and m.dedupe_key like '%occ_' || replace(o.id::text, '-', '') || '%')
        order by m.created_at, m.id`;
      return rows.map((row) => String(row.kind));
    },
    unwritten: async () => {
      const rows = await superuser`select distinct kind, fault from messages where state = 'failed'`;
      return rows.map((row) => `${row.kind}: ${row.fault}`);
    },
    instrument: async (gift) => {
      const [row] = await superuser`
        select m.gateway_mandate_id as id from mandates m join recurring_gifts g on g.mandate_id = m.id
        where g.id = ${uuid(gift)}`;
      return String(row?.id);
    },
    money: async (gift) => {
      const [row] = await superuser`
        select (select count(*)::int from payment_attempts a join donations d on d.id = a.donation_id
                where d.recurring_gift_id = ${uuid(gift)} and a.state = 'captured') as captured,
               (select count(*)::int from journal_entries e
                join payment_attempts a on e.source_kind = 'attempt' and e.source_id = 'att_' || replace(a.id::text, '-', '')
                join donations d on d.id = a.donation_id
                where d.recurring_gift_id = ${uuid(gift)} and e.purpose = 'capture') as booked`;
      return { captured: Number(row?.captured), booked: Number(row?.booked) };
    },
  };
}
