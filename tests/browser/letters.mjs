// Letters put together by people: written, fixed, approved by a second person, sent; the outcome letter of a survey; the template desk.
import assert from "node:assert/strict";
import * as cast from "./harness/cast.mjs";
import { both, check, signIn } from "./harness/portal.mjs";

// Each journey has a company of its own: what is sent with scripts is not there to send without.
const companies = { true: "CEDARFALL", false: "MERIDIAN" };

both("a request letter is written, approved by a second person and sent", async (page, { scripts }) => {
  const id = cast.auditInFieldwork(companies[scripts]);
  const seen = (name) => check(page, `${name}${scripts ? "" : "-plain"}`);
  const as = (role) => cast.as(page, cast.emailOf(role));
  await as("auditor");
  await page.goto(`/cases/${id}/compose`);
  await seen("A5-letters");
  await page.goto(`/cases/${id}/do/request_records`);
  assert.match(page.url(), /\/compose\/audit_request$/);
  await seen("A5-new");
  await page.fill("[name='value.scope']", "Origin of the shirts");
  await page.fill("[name='value.documents']", "Invoice and proof of payment");
  await page.fill("[name='value.lines']", "TST12345671, 1\nTST12345672, 1, certificate of origin");
  await page.click("#part-0 summary");
  await page.fill("[name='text.0']", "We audit {{compny}}.");
  await page.click("button[value='fix']");
  assert.match(await page.innerText("[data-error-summary]"), /Line 1: there is no field "compny"/);
  await seen("A5-unknown-field");
  await page.click("button[value='restore:0']");
  await page.click("button[value='down:0']");
  await page.click("button[value='up:1']");
  await page.selectOption("#paragraph", { label: "A call before you begin" });
  await page.click("button[value='add']");
  await page.click("button[value='preview']");
  assert.match(await page.innerText(".tc-letter"), /Origin of the shirts[^]*A call before you begin/);
  await seen("A5-filled");
  await as("nam");
  await page.goto(`/cases/${id}/compose/audit_request`);
  assert.equal(await page.locator("main form").count(), 0);
  await seen("A5-reader");
  await as("auditor");
  await page.goto(`/cases/${id}/compose/audit_request`);
  await page.click("button[value='fix']");
  assert.match(page.url(), /\/approve\/audit_request$/);
  assert.equal(await page.locator("button[value='approve']").count(), 0);
  await seen("A6-own");

  await as("compliance");
  await page.goto(`/cases/${id}/approve/audit_request`);
  await seen("A6-waits");
  await page.click("summary:has-text('Take it back')");
  await page.click("button[value='take_back']");
  assert.match(await page.innerText("[data-error-summary]"), /Say why it is taken back/);
  await seen("A6-no-reason");
  await page.click("button[value='approve']");
  await seen("A6-approved");
  await page.goto(`/cases/${id}/compose/audit_request`);
  await seen("A5-approved");
  await page.goto(`/cases/${id}/approve/audit_request`);
  await page.click("button[value='send']");
  assert.match(await page.innerText("main"), /Queued|Sent|Transmission begun/);
  await seen("A6-sent");
});

both("a sampling plan letter, which names no day", async (page, { scripts }) => {
  const id = cast.auditInFieldwork(companies[scripts]);
  await signIn(page, cast.emailOf("auditor"));
  await page.goto(`/cases/${id}/compose/audit_sampling_plan`);
  await page.fill("[name='value.method']", "Simple random sample");
  await page.fill("[name='value.sample_size']", "60");
  await page.fill("[name='value.population']", "12,000 entry lines of one year");
  await page.fill("[name='value.seed_note']", "Seed 48151623421234567890");
  await page.fill("[name='value.waiver']", "The result is projected to the population.");
  await page.click("button[value='preview']");
  await check(page, `A5-plan${scripts ? "" : "-plain"}`);
  assert.match(await page.innerText(".tc-letter"), /Lines in the sample: 60/);
});

both("the template desk: a new version, and what is refused", async (page, { scripts }) => {
  const seen = (name) => check(page, `${name}${scripts ? "" : "-plain"}`);
  await signIn(page, cast.emailOf("compliance"));
  await page.goto("/templates");
  await seen("A10-desk");
  await page.click("a:has-text('Scope')");
  await page.fill("#text", "## Scope\n\n{{scpe}}");
  await page.click("button[value='keep']");
  assert.match(await page.innerText("[data-error-summary]"), /Line 3: there is no field "scpe"/);
  await seen("A10-refused");
  await page.fill("#text", "## Scope of the audit\n\n{{scope}}");
  await page.fill("#why", "A clearer heading");
  await page.click("button[value='trial']");
  assert.match(await page.innerText(".tc-letter"), /Scope of the audit/);
  await page.click("button[value='keep']");
  assert.match(await page.innerText("main, .usa-alert"), /A clearer heading/);
  await seen("A10-paragraph");
  await page.goto("/templates/paragraphs");
  await page.click("main form button[type=submit]");
  await seen("A10-new-refused");
  await page.goto("/templates");
  await page.click("#audit_request ~ details summary");
  await page.setInputFiles("[id='audit_request.word']", [{ name: "letter.docx", mimeType: "application/zip", buffer: Buffer.from("no document") }]);
  await page.click("#audit_request ~ details button[type=submit]");
  await seen("A10-word-refused");
});
