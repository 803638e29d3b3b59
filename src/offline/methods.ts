import type { CountryMethod, CountryProfile, Localized } from "../gateway/country-profile.ts";
import type { InPersonType } from "./batch.ts";

const labels: Readonly<Record<InPersonType, Localized>> = {
  cash: { es: "Efectivo", pt: "Dinheiro", en: "Cash" },
  cheque: { es: "Cheque", pt: "Cheque", en: "Cheque" },
  card_terminal: { es: "Terminal de tarjetas", pt: "Maquininha de cartão", en: "Card terminal" },
  in_kind: { es: "En especie", pt: "Em espécie (bens)", en: "In kind" },
};
const handed: Localized = {
  es: "Recibido en persona y contado por dos personas.",
  pt: "Recebido pessoalmente e contado por duas pessoas.",
  en: "Received in person and counted by two people.",
};

const method = (type: InPersonType): CountryMethod => ({
  type,
  kind: "in_person",
  label: labels[type],
  hint: handed,
  gateways: ["offline"],
  presentations: ["instructions"],
  donorFields: [],
  recurs: "none",
  confirms: "seconds",
});

const methods = [method("cash"), method("cheque"), method("card_terminal"), method("in_kind")];

/**
 * A country as those who count see it: only what is handed over in person, in the currency it was handed over in.
 * Donors are never offered these.
 */
export const inPerson = (country: CountryProfile): CountryProfile => ({ ...country, methods });
