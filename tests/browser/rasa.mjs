// A risk survey from its proposal to the letter of its outcome, in the browser: what is on file is shown and confirmed or corrected, only
// the rest is answered, a second person approves the letter; and what came of it is where it belongs.
import assert from "node:assert/strict";
import { both, check, site } from "./harness/portal.mjs";
import { as, emailOf, person } from "./harness/cast.mjs";

// Each journey has a company of its own: what is on file after the first is not asked in the second.
const companies = { true: { id: "BLUEMESA", nam: "nora.lind@cbp.example" }, false: { id: "TAMARACK", nam: "paul.reyes@cbp.example" } };
const topic = "Forced labor in the mining of raw materials";
const moved = "Customs compliance reports to the chief executive since the reorganization of January.";
const answers = {
  compliance_department: "Two specialists, one of them a licensed broker.",
  social_compliance_owner: "Director of purchasing",
  forced_labor_controls: "Suppliers are mapped to the raw material, and visited before the first order.",
  contract_terms: "Clause 14 forbids forced labor and opens books and sites.",
  escalation: "The compliance lead holds the order the same day.",
  control_procedures: "Each entry is compared with order, invoice and payment.",
  broker_oversight: "Brokers file from written instructions.",
  error_correction: "The error is logged, and the entries of the period are read again.",
  high_risk_goods: "Cobalt\nTungsten",
  tracing_procedure: "Lot numbers are followed to the smelter.",
  records_system: "Seven years in the document system of finance.",
};

// Without scripts a page is the same but for what it does by itself: the ones that somebody fills in are looked at once more.
const plain = ["propose-refused", "answers-missing", "approve"];

const button = (text) => `main button:has-text('${text}')`;
const field = (page, question) => page.locator(`[id^='q.'][id$='.${question}']`);
const text = (page) => page.innerText("main");

async function propose(page, company, seen) {
  await page.goto("/companies");
  await page.click(`main a[href='/companies/${company}']`);
  await seen("company");
  await page.click("main a:has-text('Propose a survey')");
  await seen("propose");
  await page.click(button("Propose the survey"));
  assert.match(await page.innerText("[data-error-summary]"), /What starts it\?: This is needed\./);
  await seen("propose-refused");
  await page.click("label:has-text('A topic of interest')");
  await page.fill("#reasons", "All importers of goods with cobalt are asked this year.");
  await page.fill("#topics", topic);
  await page.click(button("Propose the survey"));
  await seen("proposed");
  return new URL(page.url()).pathname;
}

async function build(page, survey, seen) {
  await page.click("main .tc-next a:has-text('Build the survey')");
  await seen("build");
  const counted = /This survey: (\d+) questions, (\d+) on file, (\d+) to answer\./.exec(await text(page));
  const [all, known, rest] = counted.slice(1).map(Number);
  assert.ok(known >= 10 && rest >= 1 && known + rest === all, counted[0]);
  assert.match(await text(page), /On file, as of \w+ \d+, \d{4}, from: annual notification, cycle/);
  await page.click("label[for='part.transactional']"); // its documents are the audit's journey
  await page.click(button("Build the survey"));
  assert.match(await text(page), new RegExp(`This survey: ${all} questions, ${known} on file, ${rest} to answer\\. Look at it, then issue it\\.`));
  await seen("built");
  await page.click("main .tc-next a:has-text('Issue the survey')");
  await page.click(button("Issue the survey"));
  return { all, known, rest };
}

async function answer(page, company, counted, seen) {
  const officer = person("officer", { company });
  await as(page, officer.email);
  await seen("home");
  await page.click(".tc-tasks a[href$='/answers']");
  assert.match(await text(page), /On file, as of \w+ \d+, \d{4}, from/);
  await seen("answers");
  const confirms = page.locator("main input[type=checkbox][value=yes]");
  assert.equal(await confirms.count(), counted.known);
  await page.fill("#signature", officer.name);
  await page.click(button("Sign and send"));
  assert.match(await page.innerText("[data-error-summary]"), /Tick that this is still right, or correct it\./);
  await seen("answers-missing");
  for (const [question, value] of Object.entries(answers))
    if (await field(page, question).count()) await field(page, question).fill(value);
  await page.click("label[for^='q.supply_chain.mapping_depth']:has-text('raw material')");
  const boxes = await page.locator("main label.usa-checkbox__label[for^='c.']").all();
  for (const box of boxes) await box.click();
  const corrected = field(page, "organization");
  await corrected.fill(moved);
  await page.click(button("Save"));
  assert.match(await text(page), /Saved \d+:\d\d/);
  await page.fill("#signature", officer.name);
  await page.click(button("Sign and send"));
  await seen("answered");
  assert.match(await text(page), /Done: Answers sent\./);
}

async function evaluate(page, survey, seen) {
  await as(page, emailOf("auditor"));
  await page.goto(survey);
  assert.match(await text(page), new RegExp(moved));
  await seen("received");
  await page.click("main a[href$='/do/analyse']");
  await page.fill("#findings", "Smelters are known by name.");
  await page.click(button("Start the analysis"));
  await page.click("main .tc-next a:has-text('Draft the outcome')");
  await seen("draft");
  await page.fill("#outcome", "The survey is closed. Your procedures answer the risk.");
  await page.fill("#findings", "Smelters are known by name.");
  await page.fill("#next_steps", "Keep the visit reports for the next annual notification letter.");
  await page.click(button("Save the draft"));
  await seen("drafted");
}

async function sendOutcome(page, survey, seen) {
  await page.click("main .tc-next a:has-text('Write a letter')");
  await page.click("main a:has-text('Outcome of the survey')");
  await seen("outcome");
  await page.click(button("Fix the letter for approval"));
  assert.equal(await page.locator("button[value='approve']").count(), 0, "nobody approves an own letter");
  await as(page, emailOf("compliance"));
  await page.goto(survey);
  await seen("to-approve");
  await page.click("main .tc-next a:has-text('Read and approve the letter')");
  await seen("approve");
  assert.match(await page.innerText(".tc-letter"), /Your procedures answer the risk\./);
  await page.click("button[value='approve']");
  await page.click("button[value='send']");
  await seen("sent");
}

both("a risk survey goes from its proposal to the letter of its outcome", async (page, { scripts }) => {
  const { id: company, nam } = companies[scripts];
  const seen = async (name) => {
    if (scripts || plain.includes(name)) await check(page, `rasa-${name}`);
  };
  await as(page, nam);
  const survey = await propose(page, company, seen);
  await as(page, emailOf("compliance"));
  await page.goto(survey);
  await page.click("main .tc-next a:has-text('Approve the survey')");
  await page.click(button("Approve the survey"));
  const counted = await build(page, survey, seen);
  await answer(page, company, counted, seen);
  await evaluate(page, survey, seen);
  await sendOutcome(page, survey, seen);

  await page.goto(survey);
  assert.match(await text(page), new RegExp(`Confirmed: ${counted.known - 1}\\. Corrected: 1\\. Asked again, with a reason: 0\\. Asked twice without one: 0\\.`));
  await seen("closed");
  await page.goto("/engagements");
  await seen("engagements");
  assert.match(await page.innerText("tr:has(th:text-is('The program')) td:last-child"), /^0$/);
  await page.goto(`/companies/${company}`);
  const row = await page.innerText("section[aria-labelledby=register] tr:has-text('org.structure')");
  assert.ok(row.includes(moved) && /risk survey/i.test(row), row);
  await seen("facts");
  const { data } = site.ask("case", "show", survey.split("/").at(-1));
  assert.equal(data.counts.re_asked, 0);
  await as(page, emailOf("officer", { company }));
  await page.click("main a:has-text('Outcome')");
  assert.match(await text(page), /Your procedures answer the risk\./);
  await seen("letter");
});
