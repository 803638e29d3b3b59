import { beforeAll, describe, expect, test } from "vitest";
import { byToken, type Giver, giver, uuid } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
let mx: Giver;
beforeAll(async () => {
  house = await openHouse();
  mx = giver(house, await house.church("mx"), "mx");
});

describe("a card gift by token", () => {
  test("is captured at once, booked with its fee, and answered with 201", async () => {
    const gift = await mx.give(byToken());
    expect(gift).toMatchObject({ status: "succeeded", amount: 50_000, next_action: { type: "none" } });
    await house.settle();
    expect(await mx.books()).toEqual({ "1100": 47_564, "4100": -50_000, "5100": 2_100, "5110": 336 });
  });
});

describe("what is secret", () => {
  const words = {
    name: "Zoraida Quetzalcóatl",
    email: "zoraida.q@example.org",
    phone: "+529511234567",
    taxId: "GODE561231GR8",
    note: "Por la salud de mi hija Ximena",
  };
  const donor = { name: words.name, email: words.email, phone: words.phone, tax_id: words.taxId };

  test("the donor, the note and the gateway's credentials stand nowhere in the database in the clear", async () => {
    const gift = await mx.give({ type: "oxxo" }, { donor, note: words.note });
    await mx.give(byToken(), { donor, note: words.note });
    await mx.give({ type: "spei" }, { donor });
    await house.sandbox.control.payVoucher(gift.payment);
    await house.settle();
    const secrets = [...Object.values(words), mx.church.stripeKey, mx.church.webhookSecret, mx.church.key];
    expect(await placesHolding(house, secrets)).toEqual([]);
    // The search itself finds what is there: the church's public name.
    expect(await placesHolding(house, ["Iglesia de Prueba"])).toContain("churches.name");
  });

  test("the announcements name the donor by id only", async () => {
    const rows = await house.database.superuser`
      select data from events where church_id = ${uuid(mx.church.churchId)}`;
    expect(rows.length).toBeGreaterThan(3);
    const said = JSON.stringify(rows);
    for (const word of Object.values(words)) expect(said).not.toContain(word);
  });
});

/** `table.column` of every place where one of the words can be read, bytes included, as a superuser sees them. */
async function placesHolding({ database }: House, words: readonly string[]): Promise<string[]> {
  const columns = await database.superuser`
    select table_name, column_name, udt_name from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE'`;
  const found: string[] = [];
  for (const { table_name, column_name, udt_name } of columns) {
    const shown = udt_name === "bytea" ? `encode("${column_name}", 'escape')` : `"${column_name}"::text`;
    const spellings = words.flatMap((word) => [
      word,
      Buffer.from(word).toString("base64").replaceAll("=", ""),
      Buffer.from(word).toString("hex"),
      // As PostgreSQL escapes bytes beyond ASCII.
      [...Buffer.from(word)].map((b) => (b > 127 ? `\\${b.toString(8)}` : String.fromCharCode(b))).join(""),
    ]);
    const [row] = await database.superuser.unsafe(
      `select count(*)::int as n from "${table_name}" where exists
         (select from unnest($1::text[]) word where position(lower(word) in lower(${shown})) > 0)`,
      [spellings],
    );
    if (Number(row?.n) > 0) found.push(`${table_name}.${column_name}`);
  }
  return found;
}
