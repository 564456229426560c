// Two of Trade Compliance change a rule: one sees which dates move and proposes a day, the other approves, and it is dropped in time.
import assert from "node:assert/strict";
import { both, check, openBrowser, signIn } from "./harness/portal.mjs";

const tess = "tess.okafor@cbp.example", ivan = "ivan.brook@cbp.example";

both("a change of a rule shows its dates, and waits for a second person", async (page) => {
  await signIn(page, tess);
  await page.click("nav a[href='/operator/rules']");
  await check(page, "O4-rules");
  await page.click("a[href='/operator/rules/anl.cycle_months']");
  await check(page, "O4-rule");
  await page.fill("#value", "many");
  await page.click("button[value=try]");
  assert.match(await page.title(), /^Error: /);
  assert.match(await page.locator("#value-error").innerText(), /whole number/);
  await check(page, "O4-rule-error");

  await page.fill("#value", "14");
  await page.fill("#effective_on", "12/31/2030");
  await page.fill("#reason", "The handbook gives a month more.");
  await page.click("button[value=try]");
  const moves = await page.locator("#moves-heading").innerText();
  assert.match(moves, /^This change moves \d+ dates?\.$/);
  assert.equal(await page.locator("main tbody tr").count(), Number(moves.match(/\d+/)[0]));
  await check(page, "O4-rule-tried");
  await page.click("button[value=propose]");
  assert.match(page.url(), /\/operator\/rules\/changes\/\d+$/);
  assert.equal(await page.locator("#approve").count(), 0, "nobody approves their own");
  await check(page, "O4-change-own");

  const other = await openBrowser();
  try {
    const second = await other.newPage();
    await signIn(second, ivan);
    await second.goto(page.url());
    await check(second, "O4-change");
    await second.click("#approve");
    assert.match(await second.locator("main dl").first().innerText(), /Approved, from December 31, 2030/);
    await second.click("form[action$='/drop'] button");
    assert.match(await second.locator("main dl").first().innerText(), /Dropped/);
    await check(second, "O4-change-dropped");
    assert.deepEqual(second.faults, []);
  } finally {
    await other.close();
  }
});
