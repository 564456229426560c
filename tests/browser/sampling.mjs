// An audit from its scope to the projection, in the browser: entry lines come in, a population is frozen, sixty rows are drawn by a seed,
// findings are recorded and projected. The figures are checked by a program that knows nothing of this one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { act, as, emailOf } from "./harness/cast.mjs";
import { checkEntryLines, drawSample, recordError, takeEntryLines } from "./harness/entries.mjs";
import { both, check } from "./harness/portal.mjs";

const company = "GRANITEBAY";
const entryLines = "tools/sample/entries_GRANITEBAY.csv";
const seed = "40171 83926 55302 71846";

// An audit of the company that nobody has worked on yet.
const referral = () =>
  act(["open", "audit", "open_referral", "--company", company], emailOf("compliance"),
    { kind: "single_issue", risk_areas: ["classification"], reasons: ["Duty rates fell in one month."] }).case;

const button = (text) => `main button:has-text('${text}')`;

async function bringEntryLines(page) {
  await page.setInputFiles("#file", { name: "report.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") });
  await page.click(button("Check this file"));
  assert.match(await page.innerText("main"), /Send the entry lines as CSV or XLSX\./);
  await check(page, "A3-refused");
  await checkEntryLines(page, entryLines);
  await check(page, "A3-checked");
  await takeEntryLines(page);
}

async function freeze(page) {
  await page.click("main a:has-text('Choose the entry lines')");
  await page.click("label[for=area-classification]");
  await page.selectOption("#strata", "country_of_origin");
  await page.click(button("Look through these lines"));
  await page.fill("#reason", "No control total was to be had.");
  await page.click(button("Freeze the population"));
  assert.match(await page.innerText("main"), /None has been drawn yet\./);
  await check(page, "A3-frozen");
}

async function draw(page) {
  await page.click("main a:has-text('Draw a sample')");
  await page.fill("#attribute_tolerable", "5%");
  await page.fill("#attribute_expected", "1%");
  await page.fill("#attribute_risk", "5%");
  await page.click("form[aria-labelledby=size-attribute] button");
  assert.match(await page.innerText("main"), /93 rows; the rate holds with up to 1 of them in error/);
  await check(page, "A4-size");
  await page.fill("#n", "60");
  await page.click(button("Draw the sample"));
  await check(page, "A4-refused");
  assert.match(await page.innerText("[role=alert]"), /seed/i);
  await drawSample(page, { rows: 60, seed, how: "ten-sided dice, in the meeting" });
  await check(page, "A4-sample");
  await page.click("summary:has-text('Add or drop a row by hand')");
  await page.click(button("Put on record"));
  await check(page, "A4-change-refused");
}

// The bundle as downloaded, drawn again by the program for strangers.
async function redraw(page, folder) {
  const file = join(folder, "sample.zip");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("main a[href$='/bundle.zip']")]);
  await download.saveAs(file);
  execFileSync("python3", ["tools/redraw.py", file]);
}

async function recordFindings(page) {
  await page.click("main a:has-text('Findings')");
  await check(page, "A8-open");
  await page.click("section[aria-labelledby=items-heading] tbody a >> nth=0");
  await page.fill("[id='errors.0.amount']", "lots");
  await page.click(button("Save and go to the next row"));
  await check(page, "A8-item-refused");
  await recordError(page, { amount: "600.00", cause: "assist left out" }, "Save and go to the next row");
  await recordError(page, { amount: "60", direction: "overstated", cause: "freight included" }, "Save and go back");
  assert.match(await page.innerText("main"), /2 of 60 rows looked at/);
  await page.click("label[for=sure]");
  await page.click(button("Record them as without error"));
}

both("an auditor takes an audit from its entry lines to the projection", async (page, { scripts }) => {
  const folder = mkdtempSync(join(tmpdir(), "sampling-"));
  try {
    const audit = referral();
    await as(page, emailOf("auditor"));
    await page.goto(`/cases/${audit}/populations`);
    await bringEntryLines(page);
    await freeze(page);
    const rows = Number((await page.innerText("section[aria-labelledby=frozen-heading] dl > div:nth-of-type(2) dd")).replace(",", ""));
    await draw(page);
    const sample = new URL(page.url()).pathname.replace(/\/change$/, "");
    await page.goto(`${sample}/check`);
    await check(page, "A4-check");
    assert.match(await page.innerText("main"), /The same list: 60 rows\./);
    await page.goto(sample);
    await redraw(page, folder);
    await recordFindings(page);
    await check(page, `A8-projected-${scripts}`);
    const dollars = (cents) => `$${(cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`;
    const text = await page.innerText("section[aria-labelledby=projection-heading] table");
    assert.ok(text.includes(dollars(rows * 100)), `understated: 60.00 of 60 rows is 1 a row: ${text}`); // overstated 60 / 60
    assert.ok(text.includes(dollars(rows * 1000)), `understated by 600 / 60 a row: ${text}`);
    assert.match(await page.textContent("main"), /Cochran/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
