import type { MethodHouse } from "./method-house.ts";

/** The newest letter in the sandbox's mailbox to an address, as its reader sees it. */
export async function newestLetter(house: MethodHouse, email: string): Promise<string> {
  const page = async (path: string) => {
    const address = `${house.app.deps.config.publicUrl}/sandbox/mailbox${path}`;
    return (await house.app.fetch(new Request(address))).text();
  };
  const [before = ""] = (await page("?lang=en")).split(email);
  const id = before.split('"/sandbox/mailbox/').at(-1)?.split("?")[0];
  return page(`/${id}/letter`);
}
