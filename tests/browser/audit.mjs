// An audit whole, in the browser: proposed and accepted, a questionnaire, entry lines by the thousand, a population that agrees with a
// control total, a sample of sixty, letters that a second person approves, the company's documents, findings and their projection, report,
// improvement plan, close.
//   TRADECASE_AUDIT_LINES=1000000 tests/browser/run PROGRAM SANDBOX.db tests/browser/audit.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { as, emailOf, person } from "./harness/cast.mjs";
import { checkEntryLines, drawSample, recordError, takeEntryLines } from "./harness/entries.mjs";
import { both, check, site } from "./harness/portal.mjs";

const lines = Number(process.env.TRADECASE_AUDIT_LINES || 5_000);
const patience = 60_000 + lines / 5; // milliseconds for one file
// Each journey has an audit of its own: one company cannot be audited for the same twice.
const companies = { true: "CEDARFALL", false: "TAMARACK" };
let company, officer;
const [auditor, compliance] = [emailOf("auditor"), emailOf("compliance")];
const today = site.ask("clock", "show").today;
const inYear = (after, rest) => `${Number(today.slice(0, 4)) + after}-${rest}`;

const button = (text) => `main button:has-text('${text}')`;
const text = (page) => page.innerText("main");
const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);

async function send(page) {
  await page.click("main form.usa-form button[type=submit]");
  assert.equal(await page.locator("[data-error-summary]").count(), 0, await text(page));
}

// The step that the case's page names as the next one: its form filled in and sent.
async function nextStep(page, name, fill = async () => {}) {
  await page.click(`main .tc-next a:has-text('${name}')`);
  await fill();
  await send(page);
}

async function propose(page, seen) {
  await as(page, compliance);
  await page.goto("/engagements");
  await page.click("main a:has-text('Find the company')");
  await page.click(`main a[href='/companies/${company}']`);
  await page.click("main a:has-text('Propose an audit')");
  await page.click("label:has-text('ingle issue')");
  await page.click("label:has-text('Transaction value')");
  await page.fill("#reasons", "Assists were declared for one of four factories.");
  await page.click(button("Open the draft"));
  const audit = new URL(page.url()).pathname;
  await page.click("main .tc-next a");
  await send(page);
  await as(page, auditor);
  await page.goto(audit);
  assert.match(await text(page), /Assists were declared for one of four factories\./, "who accepts reads why");
  await seen("referred");
  return audit;
}

// Built of the bank without two topics, sent, answered by the company, and read by the auditor.
async function askQuestions(page, audit, seen) {
  await page.click("main a:has-text('Build the questionnaire')");
  await seen("questions");
  await page.click("label[for='left_out.drawback_and_zones']");
  await page.click("label[for='left_out.trade_remedies']");
  await page.click(button("Count again"));
  const [all, known, rest] = /This questionnaire: (\d+) questions, (\d+) on file, (\d+) to answer\./.exec(await text(page)).slice(1).map(Number);
  assert.ok(known >= 10 && rest > 0 && known + rest === all && all === 25, `${all}, ${known}, ${rest}`);
  await page.click(button("Build the questionnaire"));
  await nextStep(page, "Send the questionnaire");
  await as(page, officer.email);
  await page.click(".tc-tasks a[href$='/answers']");
  assert.match(await text(page), new RegExp(`This questionnaire: ${all} questions, ${known} on file, ${rest} to answer\\.`));
  await seen("M-questions");
  for (const box of await page.locator("main label.usa-checkbox__label[for^='c.']").all()) await box.click();
  for (const field of await page.locator("main textarea, main input[type=text][id^='q.']").all())
    if ((await field.inputValue()) === "") await field.fill("The lead of compliance, by the written procedure.");
  await page.click("label[for^='q.monitoring.test_independence']:has-text('Yes')");
  await page.fill("#signature", officer.name);
  await page.click(button("Sign and send"));
  assert.match(await text(page), /Done: Answers sent\./);
  await as(page, auditor);
  await page.goto(audit);
  assert.match(await text(page), /The lead of compliance, by the written procedure\./);
  assert.match(await text(page), new RegExp(`Confirmed: ${known}\\. Corrected: 0\\. .* Asked twice without one: 0\\.`));
  await seen("questions-read");
}

async function toFieldwork(page, audit, seen) {
  await nextStep(page, "Accept the referral");
  await nextStep(page, "Give written notice", async () => {
    await page.fill("#phoned_on", today);
    await page.fill("#objectives", "Value: assists and royalties");
    await page.fill("#estimate", "About four months.");
  });
  await askQuestions(page, audit, seen);
  await page.click("main a:has-text('Invite to entrance')");
  await page.fill("#entrance_on", today);
  await page.fill("#place", "By video call");
  await page.fill("#records", "Assist ledger\nPurchase orders");
  await page.fill("#sampling_plan", "A sample of entry lines is intended; its plan comes by letter.");
  await page.fill("#offsetting", "Overpayments may be offset under 19 CFR 163.11(d).");
  await page.fill("#ends_on", inYear(1, "06-30"));
  await send(page);
  await nextStep(page, "Record the entrance", async () => {
    await page.fill("#held_on", today);
    await page.fill("#attendance", `${officer.name}\nThe audit team`);
    await page.fill("#ends_on", inYear(1, "06-30"));
  });
  await nextStep(page, "Start the fieldwork");
  await seen("fieldwork");
}

async function bringLines(page, folder, seen) {
  const importer = site.ask("company", "show", company).ior_numbers[0];
  const made = JSON.parse(execFileSync("python3", ["tools/sample/many_entries.py", folder, "--lines", String(lines), "--importer", importer, "--name", company]));
  await page.click("main a:has-text('Entry lines and populations')");
  const began = Date.now();
  for (const [at, file] of made.files.entries()) {
    if (at > 0) await page.goto(page.url().replace(/\/entry-files\/.*/, "/populations"));
    await checkEntryLines(page, file, patience);
    if (at === 0) await seen("checked");
    await takeEntryLines(page, patience);
  }
  console.log(`${lines.toLocaleString("en-US")} rows in ${made.files.length} file(s) read, checked and taken over in ${seconds(began)} s`);
  return made;
}

async function freeze(page, made, seen) {
  const began = Date.now();
  await page.click("main a:has-text('Choose the entry lines')");
  await page.fill("#from", "1/1/2025");
  await page.fill("#to", "12/31/2025");
  await page.click("label[for=area-transaction_value]");
  await page.selectOption("#strata", "country_of_origin");
  await page.click(button("Look through these lines"), { timeout: patience });
  console.log(`${made.lines.toLocaleString("en-US")} lines looked through in ${seconds(began)} s`);
  await page.fill("#total", (made.value_cents / 100).toFixed(2));
  await page.fill("#lines", String(made.lines));
  await page.fill("#source", "ACE report ES-003, its total line");
  await page.click("form[action$='/tie-out'] button", { timeout: patience });
  await seen("tied");
  const froze = Date.now();
  await page.click(button("Freeze the population"), { timeout: patience });
  assert.match(await text(page), /It never changes from now on\./);
  assert.ok((await text(page)).includes(made.lines.toLocaleString("en-US")));
  console.log(`frozen in ${seconds(froze)} s`);
}

// Put together by the auditor, approved by somebody else, sent by the auditor.
async function sendLetter(page, audit, kind, fill, seen) {
  await page.goto(`${audit}/compose/${kind}`);
  await fill();
  await page.click("button[value='preview']");
  await seen(`${kind}-written`);
  await page.click("button[value='fix']");
  assert.equal(await page.locator("button[value='approve']").count(), 0, "nobody approves an own letter");
  await as(page, compliance);
  await page.goto(audit);
  await page.click("main .tc-next a:has-text('Read and approve the letter')");
  await page.click("button[value='approve']");
  await as(page, auditor);
  await page.goto(audit);
  await page.click("main a:has-text('Send the letter')");
  await page.click("button[value='send']");
  assert.match(await text(page), /Queued|Sent|Transmission begun/);
}

async function agreeOnThePlan(page, audit, seen) {
  await sendLetter(page, audit, "audit_sampling_plan", async () => {
    await page.fill("[name='value.method']", "Simple random sample");
    await page.fill("[name='value.sample_size']", "60");
    await page.fill("[name='value.population']", "The entry lines of 2025");
    await page.fill("[name='value.seed_note']", "Seed 40171 83926 55302 71846");
    await page.fill("[name='value.waiver']", "The company accepts that the result is projected to the population.");
  }, seen);
  await as(page, officer.email);
  await seen("M-home");
  await page.click(".tc-tasks a[href$='/do/accept_sampling_plan']");
  assert.match(await text(page), /the result is projected to the population/, "who signs reads what is signed");
  await seen("M-plan");
  await page.fill("#signature", officer.name);
  await send(page);
}

async function askForRecords(page, audit, seen) {
  await as(page, auditor);
  await sendLetter(page, audit, "audit_request", async () => {
    await page.fill("[name='value.scope']", "Value of the goods of 2025");
    await page.fill("[name='value.documents']", "Invoice and proof of payment");
    await page.click("button[value='sample']");
    assert.equal((await page.inputValue("[name='value.lines']")).trim().split("\n").length, 60);
    assert.ok(await page.isChecked("[name='value.sampled'][value=yes]"));
  }, seen);
}

const pdf = (name) => ({ name, mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.4\n% ${name}\ntrailer<</Root 1 0 R>>\n%%EOF\n`) });

async function deliver(page, audit, seen) {
  await as(page, officer.email);
  await page.click(".tc-tasks a[href$='/deliver']");
  const entries = (await page.locator("main .tc-documents tbody th").allInnerTexts()).map((one) => one.trim());
  assert.equal(entries.length, 60);
  const named = entries.map((one) => pdf(`${one.replace(", line ", " line ")} invoice.pdf`));
  await page.setInputFiles("#files", [...named.slice(0, 57), pdf("scan 0058.pdf"), pdf("scan 0059.pdf")]);
  await page.click(button("Upload"));
  assert.equal(await page.locator("select[name^='place.']").count(), 2, "two files name no entry");
  await seen("M7-to-place");
  for (const at of [57, 58]) await page.selectOption(`select[name^='place.'] >> nth=${at - 57}`, { label: entries[at] });
  await page.click(button("Place the files"));
  await page.click("tbody tr >> nth=59 >> summary");
  await page.fill("[name='none.59']", "The line was cancelled before shipment; there are no documents.");
  await page.click("main button[name='act'][value='deliver']");
  await page.goto(`${audit}/deliver`);
  assert.match(await text(page), /60 of 60 items answered/);
  await seen("M7-delivered");
}

async function readThem(page, audit, seen) {
  await as(page, auditor);
  await page.goto(audit);
  await page.click("main .tc-next a:has-text('Review the records')");
  await page.click("label[for='review.0-return']");
  await page.fill("[id='reason.0']", "Where is the proof of payment?");
  await page.click("label[for=rest]");
  await page.click(button("Save the review"));
  assert.match(await text(page), /59 of 60 items accepted, 0 to read/);
  await seen("A7-returned");
  await as(page, officer.email);
  await page.click(".tc-tasks a[href$='/deliver']");
  assert.match(await text(page), /Where is the proof of payment\?/);
  const entry = (await page.innerText("main .tc-documents tbody th >> nth=0")).trim();
  await page.setInputFiles("#files", [pdf(`${entry.replace(", line ", " line ")} payment.pdf`)]);
  await page.click(button("Upload"));
  await page.click("main button[name='act'][value='deliver']");
  await as(page, auditor);
  await page.goto(`${audit}/received`);
  await page.click("label[for='review.0-accept']");
  await page.click(button("Save the review"));
  assert.match(await text(page), /60 of 60 items accepted/);
}

async function findAndProject(page, sample, made, seen) {
  await page.goto(sample);
  await page.click("main a:has-text('Findings')");
  await page.click("section[aria-labelledby=items-heading] tbody a >> nth=0");
  await recordError(page, { amount: "600.00", cause: "assist left out" }, "Save and go to the next row");
  await recordError(page, { amount: "60.00", direction: "overstated", cause: "freight included" }, "Save and go back");
  await page.click("label[for=sure]");
  await page.click(button("Record them as without error"));
  const dollars = (amount) => `$${amount.toLocaleString("en-US", { minimumFractionDigits: 2 })}`;
  const projected = await page.innerText("section[aria-labelledby=projection-heading] table");
  assert.ok(projected.includes(dollars(made.lines * 10)), `600 of 60 rows is 10 a line, of ${made.lines}: ${projected}`);
  assert.ok(projected.includes(dollars(made.lines)), `60 of 60 rows is 1 a line: ${projected}`);
  await seen("A8-projected");
}

async function report(page, audit, sample, seen) {
  await page.goto(audit);
  await nextStep(page, "Record the closing", async () => {
    await page.fill("#held_on", today);
    await page.fill("#attendance", `${officer.name}\nThe audit team`);
  });
  await page.goto(`${sample}/findings`);
  await page.click("main a:has-text('Take it into the report')");
  await seen("report");
  assert.equal(await page.inputValue("[id='findings.0.area']"), "transaction_value", "the scope has this risk area alone");
  await send(page);
  assert.match(await text(page), /Finding 1/);
  await nextStep(page, "Send the copy");
}

async function plan(page, audit, seen) {
  await as(page, officer.email);
  await page.click(".tc-tasks a[href$='/answers']");
  await seen("M-plan-empty");
  const answers = {
    "plan.plan_officer": officer.name,
    "plan.plan_summary": "Every mold order goes to compliance before it is paid.",
    "plan.plan_monitoring": "Finance reads twenty entries a month.",
    "action.1.root_cause": "Purchasing paid for molds without telling compliance.",
    "action.1.corrective_action": "Compliance signs each mold order.",
    "action.1.action_owner": "The lead of purchasing",
    "action.1.due": inYear(0, "12-15"),
    "action.1.evidence": "The changed procedure",
    "action.1.verification": "Twenty entries read by finance",
  };
  for (const [name, value] of Object.entries(answers)) await page.fill(`[id='q.${name}']`, value);
  await page.click("label[for^='q.action.1.area']:has-text('transaction value')");
  await page.fill("#signature", officer.name);
  await page.click(button("Sign and send"));
  await seen("M-plan-sent");
  await as(page, auditor);
  await page.goto(audit);
  assert.match(await text(page), /Compliance signs each mold order\.[^]*The lead of purchasing/, "who accepts reads the plan");
  await seen("plan-to-accept");
  await nextStep(page, "Accept the plan");
}

async function verifyAndClose(page, audit, seen) {
  await as(page, officer.email);
  await seen("M-plan-accepted");
  await page.click(".tc-tasks a[href$='/do/report_action']");
  await page.fill("#action", "1");
  await page.fill("#evidence", "The changed procedure, with ten entries made under it");
  await page.setInputFiles("#files", [pdf("procedure.pdf")]);
  await send(page);
  await seen("M-reported");
  await as(page, auditor);
  await page.goto(audit);
  assert.match(await text(page), /Reported as done/);
  await nextStep(page, "Verify actions", async () => {
    await page.fill("[id='actions.0.action']", "1");
    await page.selectOption("[id='actions.0.holds']", "yes");
    await page.fill("[id='actions.0.evidence']", "Ten entries read, all right");
  });
  await nextStep(page, "Close the audit", () => page.fill("#outcome", "The finding is settled, and the correction holds."));
  await seen("closed");
  await as(page, officer.email);
  await page.goto(audit);
  await page.click("section[aria-labelledby=documents] a:has-text('closed')");
  assert.match(await text(page), /The finding is settled, and the correction holds\./);
  await seen("M-letter");
}

// Without scripts the pages are the same but for what they do by themselves: those are looked at once.
both(`an audit of ${lines.toLocaleString("en-US")} rows goes from its proposal to its close`, async (page, { scripts }) => {
  company = companies[scripts];
  officer = person("officer", { company });
  const folder = mkdtempSync(join(tmpdir(), "audit-"));
  const seen = (name) => (scripts ? check(page, `audit-${name}`) : undefined);
  try {
    const audit = await propose(page, seen);
    await toFieldwork(page, audit, seen);
    const made = await bringLines(page, folder, seen);
    await freeze(page, made, seen);
    await page.click("main a:has-text('Draw a sample')");
    const began = Date.now();
    await drawSample(page, { rows: 60, seed: "40171 83926 55302 71846", how: "ten-sided dice, in the meeting" });
    console.log(`drawn in ${seconds(began)} s`);
    const sample = new URL(page.url()).pathname;
    await agreeOnThePlan(page, audit, seen);
    await askForRecords(page, audit, seen);
    await deliver(page, audit, seen);
    await readThem(page, audit, seen);
    await findAndProject(page, sample, made, seen);
    await report(page, audit, sample, seen);
    await plan(page, audit, seen);
    await verifyAndClose(page, audit, seen);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, { patience: 240_000 + lines / 2 });
