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

function withBody(words, email, body) {
  const said = join(folder, "body.json");
  writeFileSync(said, JSON.stringify(body));
  return site.ask(...words, "--as", email, "--body", said);
}

// tradecase case WORDS --as EMAIL, with a body.
export const act = (words, email, body = {}) => withBody(["case", ...words], email, body);

// A letter with its standard paragraphs, which a second person approves: what asks a company for its records goes out no other way.
export function sendApproved(id, letter, body) {
  const { hash } = withBody(["letter", "fix", id, letter], emailOf("auditor"), body);
  act(["send", id, "approve_letter"], emailOf("compliance"), { hash });
  return site.ask("letter", "send", id, letter, "--as", emailOf("auditor"));
}

// An audit of the company whose fieldwork has begun.
export function auditInFieldwork(company) {
  const today = site.ask("clock", "show").today;
  const end = `${Number(today.slice(0, 4)) + 1}-06-30`;
  const { case: id } = act(["open", "audit", "open_referral", "--company", company], emailOf("compliance"),
    { kind: "single_issue", risk_areas: ["transaction_value"], reasons: ["The origin is open."] });
  const send = (command, role, body) => act(["send", id, command], emailOf(role), body);
  send("refer", "compliance", {});
  send("accept", "auditor", {});
  send("give_notice", "auditor", { phoned_on: today, objectives: ["Origin"], estimate: "Two months." });
  send("schedule_entrance", "auditor",
    { entrance_on: today, place: "By video", records: ["Invoices"], sampling_plan: "None.", offsetting: "None.", ends_on: end });
  send("hold_entrance", "auditor", { held_on: today, attendance: ["The officer"], ends_on: end });
  send("start_fieldwork", "auditor", {});
  return id;
}
