// A company's people: a quiet year from the first page to the receipt, with its clicks and keys counted, and their other pages.
import assert from "node:assert/strict";
import { both, check, signIn } from "./harness/portal.mjs";

// Each journey files a letter of its own: what is filed with scripts is not there to file without.
const filers = {
  true: { email: "bram.okonjo@cedarfall.example.com", name: "Bram Okonjo" },
  false: { email: "isolde.park@meridian.example.org", name: "Isolde Park" },
};
const clicks_of_a_quiet_year = 8; // beside choosing oneself at the sign-in, and entering the field of the signature

both("a quiet year is filed", async (page, { scripts }) => {
  const who = filers[scripts];
  let clicks = 0;
  const click = async (selector) => {
    clicks += 1;
    await page.click(selector);
  };
  const seen = (name) => check(page, `${name}${scripts ? "" : "-plain"}`);
  await signIn(page, who.email);
  await seen("M1-home");
  await click(".tc-tasks a[href$='/letter']");
  await seen("M4-letter");
  await click("a[href$='/letter/no-change']");
  await seen("M4-no-change");
  await click("main form button[type=submit]");
  assert.match(page.url(), /\/letter\/A$/);
  await seen("M4a-section");
  for (const question of ["certified", "risk_assessment_done", "self_testing_done"]) await click(`label[for='q.A.${question}-0']`);
  await click("button:has-text('Save and go on')");
  assert.match(page.url(), /\/sign$/);
  await seen("M5-sign");
  await page.fill("#signature", who.name);
  await click("button:has-text('Sign and file')");
  assert.match(page.url(), /\/receipt$/);
  await seen("M5a-receipt");
  assert.equal(clicks, clicks_of_a_quiet_year, `and ${who.name.length} keys for the signature`);
  await page.click("main a[href$='/changes']");
  await seen("M4b-changes");
});

both("the company, its record, its dates and its benefits are shown", async (page) => {
  await signIn(page, "greta.nwosu@ospreylane.example.com");
  for (const path of ["/company", "/history", "/calendar", "/benefits"]) {
    await page.goto(path);
    await check(page, `M${path.replace("/", "-")}`);
  }
  await page.click(".tc-numbers a[href*='kind=all']");
  await check(page, "M8-entries");
});

both("the calendar's address is shown once, and ends when its owner says so", async (page) => {
  await signIn(page, "hiro.vandermeer@granitebay.example.com");
  await page.goto("/calendar");
  await page.click("button[value=make]");
  await check(page, "M10-address");
  const path = new URL(await page.innerText(".tc-hash a")).pathname;
  const feed = await page.request.get(path);
  assert.equal(feed.status(), 200);
  assert.match(await feed.text(), /^BEGIN:VCALENDAR\r\n/);
  await page.goto("/calendar");
  assert.equal(await page.locator(".tc-hash a").count(), 0);
  await page.click("button[value=revoke]");
  assert.equal((await page.request.get(path)).status(), 404);
});

both("the first page speaks Spanish", async (page) => {
  await signIn(page, "lev.ashdown@riverbend.example.com");
  await page.click("form[action='/language'] button");
  assert.equal(await page.innerText("h1"), "¿Qué necesitan de mí?");
  await check(page, "M1-home-es");
  await page.click("form[action='/language'] button");
});
