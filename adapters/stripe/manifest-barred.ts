import type { BarredMethod } from "../../src/gateway/manifest.ts";

/** What Stripe's terms keep from churches (facts: methods §0): never offered, kept so that the reason can be told. */
export const stripeBarred: readonly BarredMethod[] = [
  {
    name: "Pix",
    countries: ["br"],
    why: {
      es: "Los términos de Pix en Stripe excluyen a organizaciones sin fines de lucro y de caridad; tu iglesia puede recibir Pix por su banco o por Mercado Pago.",
      en: "Stripe's terms for Pix exclude non-profits and charities; your church can take Pix through its bank or Mercado Pago.",
      pt: "Os termos do Pix na Stripe excluem entidades sem fins lucrativos e beneficentes; sua igreja pode receber Pix pelo banco ou pelo Mercado Pago.",
    },
    source: "Stripe Pix documentation (2026)",
  },
  {
    name: "Bizum",
    countries: ["es"],
    why: {
      es: "Los términos de Bizum en Stripe excluyen a organizaciones religiosas y a la recaudación benéfica; un banco español puede dar a la iglesia su propio código Bizum de donativos.",
      en: "Stripe's terms for Bizum exclude religious organisations and charitable fundraising; a Spanish bank can give the church a Bizum donation code of its own.",
      pt: "Os termos do Bizum na Stripe excluem organizações religiosas e arrecadação beneficente; um banco espanhol pode dar à igreja um código Bizum próprio para doações.",
    },
    source: "Stripe Bizum documentation (2026)",
  },
  {
    name: "Klarna",
    countries: ["us", "ca", "gb", "es", "pt", "de"],
    why: {
      es: "Klarna no acepta organizaciones de caridad; además, una ofrenda no debería darse a crédito.",
      en: "Klarna does not take charities; besides, a gift should not be given on credit.",
      pt: "A Klarna não aceita entidades beneficentes; além disso, uma oferta não deveria ser dada a crédito.",
    },
    source: "Stripe Klarna documentation",
  },
  {
    name: "Afterpay / Clearpay",
    countries: ["us", "ca", "gb"],
    why: {
      es: "Los términos de Afterpay y Clearpay excluyen los donativos.",
      en: "Afterpay's and Clearpay's terms exclude donations.",
      pt: "Os termos da Afterpay e da Clearpay excluem doações.",
    },
    source: "Stripe Afterpay documentation",
  },
  {
    name: "Cash App Pay",
    countries: ["us"],
    why: {
      es: "Cash App Pay excluye a plataformas de recaudación y donativos.",
      en: "Cash App Pay excludes fundraising and donation platforms.",
      pt: "O Cash App Pay exclui plataformas de arrecadação e doações.",
    },
    source: "Stripe Cash App Pay documentation",
  },
];
