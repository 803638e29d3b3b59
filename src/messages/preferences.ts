import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import type { ChurchId, DonorId } from "../kernel/ids.ts";
import type { MessageCategory } from "./kinds.ts";
import { type Channel, channels } from "./states.ts";
import { messagePreferences } from "./tables.ts";

export type Preference = {
  readonly channel: Channel;
  readonly category: MessageCategory;
  readonly wanted: boolean;
};

/**
 * What a donor gets who has said nothing: mail. To a phone nothing goes without a yes. What a donor must know of their
 * own gift (`service`) goes by mail whatever they chose: only reminders can be left.
 */
const unlessSaid = (channel: Channel): boolean => channel === "email";

const saidBy = readTogether(async (tx, church, donors: readonly DonorId[]) => {
  const rows = await tx.orm
    .select()
    .from(messagePreferences)
    .where(and(eq(messagePreferences.churchId, church), inArray(messagePreferences.donorId, [...donors])));
  return Map.groupBy(rows, (row) => row.donorId);
});

/** Every channel and category, as it holds for this donor. */
export async function preferencesOf(
  tx: Tx,
  church: ChurchId,
  donor: DonorId,
): Promise<readonly Preference[]> {
  const said = (await saidBy(tx, church, donor)) ?? [];
  return channels.flatMap((channel) =>
    (["service", "reminder"] as const).map((category) => {
      const row = said.find((one) => one.channel === channel && one.category === category);
      const always = channel === "email" && category === "service";
      return { channel, category, wanted: always || (row?.wanted ?? unlessSaid(channel)) };
    }),
  );
}

/** Keeps a yes or no with where and when it was said; saying it again changes only the date. */
export async function setPreference(
  tx: Tx,
  church: ChurchId,
  donor: DonorId,
  preference: Preference & { readonly source: string; readonly at: Date },
): Promise<void> {
  const { wanted, source, at } = preference;
  await tx.orm
    .insert(messagePreferences)
    .values({ churchId: church, donorId: donor, ...preference })
    .onConflictDoUpdate({
      target: [
        messagePreferences.churchId,
        messagePreferences.donorId,
        messagePreferences.channel,
        messagePreferences.category,
      ],
      set: { wanted, source, at },
    });
}
