// Letters that wait for the agency: filed through the program's own commands, so that a journey begins where staff begin.
import { randomUUID } from "node:crypto";
import { site } from "./portal.mjs";

const yes = { certified: "yes", risk_assessment_done: "yes", self_testing_done: "yes" };

function send(letter, command, as, fields) {
  const set = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`);
  return site.ask("case", "send", letter, command, "--as", as, ...set.flatMap((one) => ["--set", one]));
}

// The company's open annual letter: {case, company, title, officer}.
export function openLetter(company) {
  const { legal_name, people, cases } = site.ask("company", "show", company);
  const letter = cases.filter((one) => one.workflow === "annual_notification").at(-1);
  const officer = people.find((one) => one.role === "officer");
  return { case: letter.case, company: legal_name, title: `Annual notification letter ${letter.cycle}, ${legal_name}`, officer };
}

// Filed by its officer: `changed` names sections with their values, all others are "no change".
export function file(letter, changed = {}) {
  const { name, email } = letter.officer;
  const told = { A: { ...yes, certifying_officer: name, certifying_title: "Vice President, Trade" }, ...changed };
  for (const section of "ABCDEFGHIJK") {
    const values = told[section];
    send(letter.case, "save", email, { section, form_version: 1, ...(values ? { change: "changed", values } : { change: "no_change" }) });
  }
  send(letter.case, "submit", email, { signature: name });
}

export const sendAs = (who, letter, command, fields = {}) => send(letter.case, command, who, fields);

// The sandbox works until that day begins.
export async function moveClock(until) {
  const { token } = site.ask("token", "create", "--as", "odil.marsh@cbp.example");
  const answer = await fetch(`${site.origin}/api/v1/clock`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "idempotency-key": randomUUID(), "content-type": "application/json" },
    body: JSON.stringify({ until }),
  });
  if (answer.status !== 200) throw new Error(`the clock does not move to ${until}: ${await answer.text()}`);
}
