import { z } from "zod";
import { sealedTables } from "../../db/sealed-tables.ts";
import { err, ok } from "../../kernel/result.ts";
import type { NodeApp } from "../../platform/node-app.ts";
import { rewrapChurchKeys, rotateChurchKey } from "../../privacy/church-keys.ts";
import { resealTable } from "../../privacy/reseal.ts";
import { type Group, performed, type Told } from "../perform.ts";
import { progress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { type Named, whichChurches } from "../which-church.ts";

const options = z.object({
  church: z.string().optional(),
  all: z.boolean().default(false),
  master: z.boolean().default(false),
});

/** `keys rotate`: a new data key for churches, or every data key under the new master key. */
export function keysRotate(group: Group): void {
  performed(group, {
    name: "rotate",
    about:
      "Give churches a new data key and seal everything again with it; or wrap all keys under a new master key",
    options,
    example:
      "--master   (first restart the service with the new MASTER_KEY, the old one in MASTER_KEY_PREVIOUS)",
    async perform(service, { church, all, master }, terminal) {
      const asked = [church !== undefined, all, master].filter(Boolean).length;
      if (asked !== 1) {
        return err({
          code: "invalid_request",
          detail: "say which: --church <church>, --all (every church's data key) or --master",
        });
      }
      const churches = await whichChurches(service.db, church);
      if (!churches.ok) return churches;
      return ok(
        await (master
          ? rewrap(service, churches.value.length, terminal)
          : rotateEach(service, churches.value, terminal)),
      );
    },
  })
    .option("--church <church>", "slug or ch_ id: a new data key for this church")
    .option("--all", "a new data key for every church")
    .option("--master", "wrap every data key under the current MASTER_KEY");
}

async function rewrap({ app, db }: NodeApp, churches: number, terminal: Terminal): Promise<Told> {
  const bar = progress("Wrapping", churches, terminal);
  const rewrapped = await rewrapChurchKeys(db, app.vault.keyring, (done) => bar.at(done));
  bar.end();
  return {
    json: { rewrapped, churches },
    lines: [
      `${rewrapped} data keys of ${churches} churches wrapped under the current master key.`,
      rewrapped === 0
        ? "Nothing needs a previous master key: MASTER_KEY_PREVIOUS may go."
        : "Run it once more; when it says 0, MASTER_KEY_PREVIOUS may go.",
    ],
  };
}

type Rotated = {
  readonly church: string;
  readonly slug: string;
  readonly version: number;
  /** Rows by table. */
  readonly sealed: Readonly<Record<string, number>>;
  readonly unopened: Readonly<Record<string, number>>;
};

async function rotateEach(
  { app, db }: NodeApp,
  churches: readonly Named[],
  terminal: Terminal,
): Promise<Told> {
  const bar = progress("Rotating", churches.length, terminal);
  const rotated: Rotated[] = [];
  for (const [done, { id, slug }] of churches.entries()) {
    bar.at(done, slug);
    const version = await rotateChurchKey(db, app.vault.keyring, id);
    const sealed: Record<string, number> = {};
    const unopened: Record<string, number> = {};
    for (const table of sealedTables) {
      let rows = 0;
      let skip = 0;
      for (;;) {
        const turn = await resealTable(db, app.vault, id, table, { skip });
        rows += turn.resealed;
        skip += turn.unopened;
        bar.at(done, `${slug}: ${rows} ${table.name} sealed again`);
        // Rows in use at this moment are skipped; the next rotation takes them, and the old key opens them.
        if (turn.remaining === skip || turn.resealed + turn.unopened === 0) break;
      }
      sealed[table.name] = rows;
      if (skip > 0) unopened[table.name] = skip;
    }
    rotated.push({ church: id, slug, version, sealed, unopened });
  }
  bar.end();
  return {
    json: { rotated },
    lines: [
      ...rotated.flatMap(({ slug, version, sealed, unopened }) => [
        `${slug.padEnd(24)} key ${version}, ${inWords(sealed)}`,
        ...Object.entries(unopened).map(
          ([table, rows]) =>
            `${" ".repeat(24)} ${rows} ${table} do not open and stay as they are: look at them`,
        ),
      ]),
      "",
      "Older key versions stay: they open what was sealed before, and the look-up indexes derive from the first.",
    ],
  };
}

/** `12 donors, 40 donations sealed again`. */
function inWords(sealed: Readonly<Record<string, number>>): string {
  const some = Object.entries(sealed).filter(([, rows]) => rows > 0);
  return some.length === 0
    ? "nothing to seal again"
    : `${some.map(([table, rows]) => `${rows} ${table}`).join(", ")} sealed again`;
}
