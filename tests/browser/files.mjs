// Files: a company delivers the documents of an audit, staff reads them; an answer with a document; what is refused is said.
import assert from "node:assert/strict";
import { auditInFieldwork, emailOf, sendApproved } from "./harness/cast.mjs";
import { both, check, signIn } from "./harness/portal.mjs";

const entries = ["TST-1234567-1", "TST-1234567-2", "TST-1234567-3"];
const pdf = (text) => Buffer.from(`%PDF-1.4\n% ${text}\ntrailer<</Root 1 0 R>>\n%%EOF\n`);
const file = (name, text) => ({ name, mimeType: "application/pdf", buffer: pdf(text) });
// Each journey has a case of its own: what is delivered with scripts is not there to deliver without.
const companies = {
  true: { id: "CEDARFALL", email: "bram.okonjo@cedarfall.example.com" },
  false: { id: "MERIDIAN", email: "isolde.park@meridian.example.org" },
};

// An audit in its fieldwork, whose auditors ask for the documents of three entries.
function auditOf(company) {
  const id = auditInFieldwork(company);
  sendApproved(id, "audit_request", { scope: "Origin", sampled: false,
    items: entries.map((entry) => ({ entry_number: entry.replaceAll("-", ""), line: 1, documents: "Invoice and proof of payment" })) });
  return id;
}

both("a company delivers documents: two find their entry, one is placed by hand; staff accepts one and returns one", async (page, { scripts }) => {
  const company = companies[scripts];
  const id = auditOf(company.id);
  const seen = (name) => check(page, `${name}${scripts ? "" : "-plain"}`);
  await signIn(page, company.email);
  await page.goto(`/cases/${id}/deliver`);
  await seen("M7-empty");

  await page.setInputFiles("#files", [{ name: "not-really.pdf", mimeType: "application/pdf", buffer: Buffer.from("MZ no PDF") }]);
  await page.click("button:has-text('Upload')");
  assert.match(await page.innerText("[data-error-summary]"), /not-really\.pdf is not what its ending says/);
  await seen("M7-refused");

  await page.setInputFiles("#files", [file(`${entries[0]} invoice.pdf`, "one"), file(`${entries[1].replaceAll("-", "")}.pdf`, "two"), file("Rechnung <b>3.pdf", "three")]);
  await page.click("button:has-text('Upload')");
  assert.match(await page.innerText("main, .usa-alert"), /Files to place|2 matched/);
  await seen("M7-to-place");
  await page.selectOption("select[name^='place.']", { label: `${entries[2]}, line 1` });
  await page.click("button:has-text('Place the files')");
  assert.equal(await page.locator("select[name^='place.']").count(), 0);
  await seen("M7-ready");
  await page.click("main button[name='act'][value='deliver']");
  assert.match(page.url(), new RegExp(`/cases/${id}$`));
  await page.goto(`/cases/${id}/deliver`);
  assert.match(await page.innerText("main"), /3 of 3 items answered/);
  await seen("M7-delivered");

  await page.context().clearCookies();
  await signIn(page, emailOf("auditor"));
  await page.goto(`/cases/${id}/received`);
  await seen("A7-received");
  await page.click("label[for='review.0-accept']");
  await page.click("label[for='review.1-return']");
  await page.click("button:has-text('Save the review')");
  assert.match(await page.innerText("[data-error-summary]"), /write the question/);
  await seen("A7-error");
  await page.fill("[id='reason.1']", "Where is the proof of payment?");
  await page.click("button:has-text('Save the review')");
  assert.match(await page.innerText("main"), /1 of 3 items accepted, 1 to read/);
  await seen("A7-reviewed");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("main a:has-text('Rechnung')")]);
  assert.equal(download.suggestedFilename().replace(/[<>_]/g, ""), "Rechnung b3.pdf");

  await page.context().clearCookies();
  await signIn(page, company.email);
  await page.goto(`/cases/${id}/deliver`);
  assert.match(await page.innerText("main"), /Where is the proof of payment\?/);
  assert.match(await page.innerText("main"), /2 of 3 items answered/);
  await seen("M7-returned");
  await page.click("form[action='/language'] button");
  await seen("M7-es");
  await page.click("form[action='/language'] button");
});
