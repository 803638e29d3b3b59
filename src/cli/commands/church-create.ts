import { z } from "zod";
import { createChurch } from "../../churches/create-church.ts";
import { ok } from "../../kernel/result.ts";
import { type Group, performed } from "../perform.ts";

const text = z.string().trim().min(1).max(200);
const options = z.object({
  name: text,
  slug: text,
  country: z.string().trim().length(2, "must be an ISO 3166 code of two letters, such as mx"),
  entity: text,
  taxId: text.optional(),
  address: text.optional(),
  timeZone: text.optional(),
  locale: text.optional(),
});

/** `church create`: a church ready to be given to, once a gateway is connected. */
export function churchCreate(group: Group): void {
  performed(group, {
    name: "create",
    about: "Make a church, its legal entity and its first fund",
    options,
    example: '--name "Iglesia Luz" --slug luz --country mx --entity "Iglesia Luz A.R." --tax-id ILU010101AB9',
    async perform({ app }, given) {
      const { entity, taxId, address, ...church } = given;
      const made = await createChurch(app.deps, {
        ...church,
        country: church.country.toLowerCase(),
        legalEntity: { name: entity, taxId, address },
      });
      if (!made.ok) return made;
      const { id, slug } = made.value.church;
      const page = `${app.deps.config.publicUrl}/give/${slug}`;
      return ok({
        json: {
          church: id,
          slug,
          legal_entity: made.value.legalEntityId,
          fund: made.value.fundId,
          give_url: page,
        },
        lines: [
          `Church        ${id}`,
          `Legal entity  ${made.value.legalEntityId}`,
          `First fund    ${made.value.fundId}`,
          `Give page     ${page}`,
          "",
          `Next: npm run ofrenda -- gateway connect --church ${slug}`,
        ],
      });
    },
  })
    .requiredOption("--name <name>", "what donors read")
    .requiredOption("--slug <slug>", "last part of its page's address; never changes")
    .requiredOption("--country <cc>", "where it is, such as mx")
    .requiredOption("--entity <name>", "the legal entity that receives")
    .option("--tax-id <number>", "the entity's registration (RFC, EIN)")
    .option("--address <text>", "the entity's address")
    .option("--time-zone <zone>", "IANA name; the country's own by default")
    .option("--locale <tag>", "BCP 47; the country's first by default");
}
