import { type AchBatch, type AchFile, entryClassOf } from "./read-file.ts";
import { columns, numberIn } from "./record.ts";

/**
 * What a file says of itself beside what it holds: counts of entries, batches and blocks, the hash of the routing
 * numbers, the sums of debits and credits. Empty where all agree (Nacha operating rules, appendix on file structure;
 * facts: methods §6.6). Whether a batch of debits holds a credit is not looked at: banks' returns do.
 */
export function faultsOf(file: AchFile): readonly string[] {
  const faults: string[] = [];
  const compare = (what: string, said: bigint, held: bigint) => {
    if (said !== held) faults.push(`${what}: ${said} said, ${held} held`);
  };
  for (const [index, batch] of file.batches.entries()) {
    const name = `batch ${index + 1}`;
    if (batch.control === undefined) {
      faults.push(`${name}: without its control`);
      continue;
    }
    const held = totalsOf(batch);
    const said = saidInBatch(batch, batch.control);
    compare(`${name} entries`, said.entries, held.entries);
    compare(`${name} hash`, said.hash, held.hash);
    compare(`${name} debits`, said.debits, held.debits);
    compare(`${name} credits`, said.credits, held.credits);
    if (columns(batch.control, 2, 4) !== columns(batch.header, 2, 4))
      faults.push(`${name}: two service classes`);
    if (columns(batch.control, 88, 94) !== columns(batch.header, 88, 94)) faults.push(`${name}: two numbers`);
  }
  const held = file.batches.map(totalsOf);
  const sum = (of: (totals: Totals) => bigint) => held.reduce((total, each) => total + of(each), 0n);
  const said = saidInFile(file);
  compare("batches", said.batches, BigInt(file.batches.length));
  compare("blocks", said.blocks, BigInt(Math.ceil(file.records / 10)));
  compare(
    "entries",
    said.entries,
    sum((each) => each.entries),
  );
  compare("hash", said.hash, sum((each) => each.hash) % hashModulus);
  compare(
    "debits",
    said.debits,
    sum((each) => each.debits),
  );
  compare(
    "credits",
    said.credits,
    sum((each) => each.credits),
  );
  return faults;
}

const hashModulus = 10n ** 10n;
type Totals = {
  readonly entries: bigint;
  readonly hash: bigint;
  readonly debits: bigint;
  readonly credits: bigint;
};

/** Accounting advices (ADV) have wider amounts and sums than everything else. */
const isAdvice = (batch: AchBatch | undefined): boolean =>
  batch !== undefined && entryClassOf(batch) === "ADV";

function totalsOf(batch: AchBatch): Totals {
  let [entries, hash, debits, credits] = [0n, 0n, 0n, 0n];
  for (const { line, addenda } of batch.entries) {
    entries += 1n + BigInt(addenda.length);
    hash += numberIn(line, 4, 11);
    const amount = isAdvice(batch) ? numberIn(line, 28, 39) : numberIn(line, 30, 39);
    if (isDebit(batch, line)) debits += amount;
    else credits += amount;
  }
  return { entries, hash: hash % hashModulus, debits, credits };
}

/** The second digit of the transaction code tells: 1 to 4 credits, 5 to 9 debits; in advices the even ones debit. */
function isDebit(batch: AchBatch, line: string): boolean {
  const digit = Number(columns(line, 3, 3));
  return isAdvice(batch) ? digit % 2 === 0 : digit >= 5;
}

function saidInBatch(batch: AchBatch, control: string): Totals {
  const wide = isAdvice(batch);
  return {
    entries: numberIn(control, 5, 10),
    hash: numberIn(control, 11, 20),
    debits: wide ? numberIn(control, 21, 40) : numberIn(control, 21, 32),
    credits: wide ? numberIn(control, 41, 60) : numberIn(control, 33, 44),
  };
}

function saidInFile({ control, batches }: AchFile) {
  const wide = isAdvice(batches[0]);
  return {
    batches: numberIn(control, 2, 7),
    blocks: numberIn(control, 8, 13),
    entries: numberIn(control, 14, 21),
    hash: numberIn(control, 22, 31),
    debits: wide ? numberIn(control, 32, 51) : numberIn(control, 32, 43),
    credits: wide ? numberIn(control, 52, 71) : numberIn(control, 44, 55),
  };
}
