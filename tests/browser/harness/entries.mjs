// Entry lines into an audit and a sample out of them, as an auditor does it in the browser.
import assert from "node:assert/strict";

const button = (text) => `main button:has-text('${text}')`;

// Until the file is read, or taken over: asked again and again, as somebody without scripts does.
async function waitForWork(page, patience = 60_000) {
  const until = Date.now() + patience;
  while (await page.locator("[data-live]").count()) {
    assert.ok(Date.now() < until, `the file is still being worked on after ${patience / 1000} s`);
    await page.waitForTimeout(200);
    await page.reload();
  }
}

export async function checkEntryLines(page, file, patience) {
  await page.setInputFiles("#file", file);
  await page.click(button("Check this file"));
  await waitForWork(page, patience);
  assert.match(await page.innerText("main"), /What would come in/);
}

export async function takeEntryLines(page, patience) {
  await page.click(button("Import "));
  await waitForWork(page, patience);
  assert.match(await page.innerText("main"), /What came in/);
}

export async function drawSample(page, { rows, seed, how }) {
  await page.fill("#n", String(rows));
  await page.fill("#seed", seed);
  await page.fill("#how", how);
  await page.click(button("Draw the sample"));
  assert.match(await page.innerText("main"), new RegExp(`${seed}[^]*${how}`));
  assert.equal(await page.locator("section[aria-labelledby=rows-heading] tbody tr").count(), rows);
}

// The row of a sample that is open: an error with its amount, direction and cause.
export async function recordError(page, { amount, direction = "understated", cause }, save) {
  await page.fill("[id='errors.0.amount']", amount);
  await page.selectOption("[id='errors.0.direction']", direction);
  await page.fill("[id='errors.0.cause']", cause);
  await page.click(button(save));
}
