import type { Hono } from "hono";
import type { Deps } from "../../deps.ts";
import { patchDonor } from "../../donors/donors.ts";
import { type Donor, getDonor } from "../../donors/store.ts";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { present } from "../../kernel/assert.ts";
import { type Preference, preferencesOf, setPreference } from "../../messages/preferences.ts";
import { inForm } from "../asked.ts";
import { type Fault, isPhone } from "../checkout/check-form.ts";
import { htmlAnswer } from "../checkout/page-visit.ts";
import { languages, localeFor } from "../i18n/language.ts";
import { MePage, type MeValues, type Wish, wishes } from "./me-page.tsx";
import { portalLinks } from "./portal-links.ts";
import { forGuest, fromGuest, type Guest } from "./portal-visit.ts";

/** A donor's own details: shown and changed. */
export function addMeRoutes(app: Hono<HonoEnv>): void {
  app.get("/portal/:church/me", forGuest(showMe));
  app.post("/portal/:church/me", fromGuest(saveMe));
}

/** Which of the preferences a checkbox stands for: to a phone nothing goes without a yes, whatever it is about. */
const meantBy: Readonly<Record<Wish, readonly Pick<Preference, "channel" | "category">[]>> = {
  reminders: [{ channel: "email", category: "reminder" }],
  whatsapp: [
    { channel: "whatsapp", category: "service" },
    { channel: "whatsapp", category: "reminder" },
  ],
  sms: [
    { channel: "sms", category: "service" },
    { channel: "sms", category: "reminder" },
  ],
};

async function donorOf(deps: Deps, { church, donorId }: Guest): Promise<Donor> {
  const donor = await deps.db.inChurch(church.id, (tx) => getDonor(tx, deps.vault, church.id, donorId));
  return present(donor, "the donor of a session exists");
}

async function showMe(c: Ctx, guest: Guest): Promise<Response> {
  const deps = c.get("deps");
  const donor = await donorOf(deps, guest);
  const preferences = await deps.db.inChurch(guest.church.id, (tx) =>
    preferencesOf(tx, guest.church.id, guest.donorId),
  );
  const isWanted = (wish: Wish) =>
    meantBy[wish].every(({ channel, category }) =>
      preferences.some((one) => one.channel === channel && one.category === category && one.wanted),
    );
  const written = donor.locale?.slice(0, 2);
  const values: MeValues = {
    name: donor.name ?? "",
    phone: donor.phone ?? "",
    language: languages.find((known) => known === written) ?? guest.language,
    wanted: new Set(wishes.filter(isWanted)),
  };
  const notice = c.req.query("done") === undefined ? undefined : guest.frame.t("portal.done.saved");
  return htmlAnswer(
    c,
    guest,
    <MePage guest={guest} donor={donor} values={values} faults={[]} notice={notice} />,
  );
}

async function saveMe(c: Ctx, guest: Guest, form: URLSearchParams): Promise<Response> {
  const deps = c.get("deps");
  const { church, country, donorId } = guest;
  const { t } = guest.frame;
  const line = (field: string) => inForm(form, field).trim().replace(/\s+/g, " ").slice(0, 200);
  const language = languages.find((known) => known === form.get("language")) ?? guest.language;
  const values: MeValues = {
    name: line("name"),
    phone: line("phone"),
    language,
    wanted: new Set(wishes.filter((wish) => form.has(wish))),
  };
  const faults: Fault[] = [];
  if (values.name === "") faults.push({ place: "name", text: t("portal.errors.name") });
  if (values.phone !== "" && !isPhone(values.phone)) {
    faults.push({ place: "phone", text: t("portal.errors.phone") });
  }
  if (faults.length > 0) {
    const donor = await donorOf(deps, guest);
    const page = <MePage guest={guest} donor={donor} values={values} faults={faults} />;
    return htmlAnswer(c, guest, page, { status: 422 });
  }
  const locale = localeFor(language, country.code, church.locale);
  const phone = values.phone === "" ? null : values.phone.replace(/[\s().-]/g, "");
  const saved = await patchDonor(deps, church.id, donorId, { name: values.name, phone, locale });
  if (!saved.ok) throw new Error(`a donor's own details were refused: ${saved.error.code}`);
  await savePreferences(deps, guest, values.wanted);
  return c.redirect(`${portalLinks(church.slug, language).me}&done=1`, 303);
}

/** What has not changed is not said again: the date of a yes is when it was given. */
async function savePreferences(
  deps: Deps,
  { church, donorId }: Guest,
  wanted: ReadonlySet<Wish>,
): Promise<void> {
  const at = deps.clock.now();
  await deps.db.inChurch(church.id, async (tx) => {
    const before = await preferencesOf(tx, church.id, donorId);
    for (const wish of wishes) {
      for (const { channel, category } of meantBy[wish]) {
        const said = { channel, category, wanted: wanted.has(wish) };
        const same = before.some(
          (one) => one.channel === channel && one.category === category && one.wanted === said.wanted,
        );
        if (!same) await setPreference(tx, church.id, donorId, { ...said, source: "portal", at });
      }
    }
  });
}
