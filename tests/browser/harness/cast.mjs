// Who acts in a journey: staff by their role, a company's people by theirs; and commands sent for them where a page is not the subject.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { signIn, site } from "./portal.mjs";

const everybody = site.ask("people", "list").filter((one) => !one.departed_on);
const folder = mkdtempSync(join(tmpdir(), "tradecase-cast-"));
after(() => rmSync(folder, { recursive: true }));

// {email, name, …} of who holds the role, at the agency or at a company; the nth of them.
export function person(role, { company = "", nth = 0 } = {}) {
  const found = everybody.filter((one) => one.roles.some((held) => held.role === role && (held.company ?? "") === company))[nth];
  if (!found) throw new Error(`nobody is ${role} ${company ? `of ${company}` : ""}`);
  return found;
}

export const emailOf = (role, at) => person(role, at).email;

// Another person sits down at this browser.
export async function as(page, email) {
  await page.context().clearCookies();
  await signIn(page, email);
}

// tradecase case WORDS --as EMAIL, with a body.
export function act(words, email, body = {}) {
  const said = join(folder, "body.json");
  writeFileSync(said, JSON.stringify(body));
  return site.ask("case", ...words, "--as", email, "--body", said);
}
