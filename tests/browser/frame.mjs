// The frame of every page: signing in, errors, the skip link, the size of the first page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { both, check, openBrowser, signIn, site } from "./harness/portal.mjs";

both("somebody signs in and out", async (page) => {
  await page.goto("/");
  await check(page, "S0-sign-in");
  await signIn(page, "paul.reyes@cbp.example");
  await check(page, "N1-after-sign-in");
  await page.click("form[action='/sign-out'] button");
  assert.match(page.url(), /\/sign-in$/);
});

both("a wrong address is said above and at the field, and kept", async (page, { scripts }) => {
  await page.goto("/sign-in");
  await page.fill("#email", "nobody@cbp.example");
  await page.press("#email", "Enter");
  assert.equal(page.document.status(), 422);
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.inputValue("#email"), "nobody@cbp.example");
  if (scripts) assert.ok(await page.evaluate(() => document.activeElement.matches(".usa-alert--error")), "the summary has the focus");
  await check(page, "S0-sign-in-error");
  await page.click(".usa-alert--error a");
  assert.equal(await page.evaluate(() => document.activeElement.id), "email");
});

both("the first key leads past the header", async (page) => {
  await page.goto("/sign-in");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.match(page.url(), /#main$/);
});

both("the language stays as chosen", async (page) => {
  await page.goto("/sign-in");
  await page.click("form[action='/language'] button");
  assert.equal(await page.getAttribute("html", "lang"), "es");
  await check(page, "S0-sign-in-es");
});

test("the first page is at most 200 KiB, everything counted", async () => {
  const context = await openBrowser();
  const page = await context.newPage();
  const speaker = await context.newCDPSession(page);
  await speaker.send("Network.enable");
  let bytes = 0;
  speaker.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(`${site.origin}/sign-in`, { waitUntil: "networkidle" });
  await context.close();
  assert.ok(bytes > 20 * 1024 && bytes <= 200 * 1024, `${bytes} bytes`);
});
