// What app.js adds, on a page of its own with every part it knows. Without scripts there is nothing to test here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openBrowser, site } from "./harness/portal.mjs";

const script = JSON.parse(readFileSync("build/assets/manifest.json", "utf8"))["app.js"];
const sheet = `<!doctype html><html lang="en"><head><title>Sheet</title><script src="/assets/${script}" defer></script></head>
<body data-session-seconds="900" data-session-warning="Two minutes left." data-session-extend="Stay" data-session-over="Signed out."><main>
<input type="hidden" name="csrf" value="of-this-sign-in">
<div class="usa-alert--error" role="alert" id="errors">There is a problem</div>
<label data-keys hidden><input type="checkbox" checked> Keys</label>
<section data-item id="one">One</section><section data-item id="two">Two <textarea id="words"></textarea></section>
<form><table><thead><tr><th><input type="checkbox" data-select-all hidden id="all"></th></tr></thead>
<tbody><tr><td><input type="checkbox" id="a"></td></tr><tr><td><input type="checkbox" id="b"></td></tr></tbody></table>
<output data-selected></output></form>
<form data-warn-unsaved><input id="answer"></form></main></body></html>`;

function onSheet(name, run) {
  test(name, { timeout: 60_000 }, async () => {
    const context = await openBrowser();
    try {
      const page = await context.newPage();
      await page.clock.install({ time: new Date("2026-12-01T12:00:00Z") });
      await context.route("**/sheet", (route) => route.fulfill({ contentType: "text/html", body: sheet }));
      await page.goto(`${site.origin}/sheet`);
      await run(page, context);
      assert.deepEqual(page.faults, []);
    } finally {
      await context.close();
    }
  });
}
const focused = (page) => page.evaluate(() => document.activeElement.id);

onSheet("the error summary has the focus", async (page) => assert.equal(await focused(page), "errors"));

onSheet("j and k move between sections, but not while somebody types, and can be turned off", async (page) => {
  await page.keyboard.press("j");
  assert.equal(await focused(page), "one");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  assert.equal(await focused(page), "two");
  await page.keyboard.press("k");
  assert.equal(await focused(page), "one");
  await page.focus("#words");
  await page.keyboard.press("k");
  assert.equal(await page.inputValue("#words"), "k");
  await page.uncheck("[data-keys] input");
  await page.reload();
  await page.keyboard.press("j");
  assert.equal(await focused(page), "errors");
});

onSheet("one box chooses all rows", async (page) => {
  await page.check("#all");
  assert.ok(await page.isChecked("#b"));
  assert.equal(await page.textContent("[data-selected]"), "2");
  await page.uncheck("#a");
  assert.ok(await page.evaluate(() => document.querySelector("#all").indeterminate));
});

onSheet("leaving with a change asks, leaving without does not", async (page) => {
  const asked = [];
  page.on("dialog", (dialog) => asked.push(dialog.type()));
  await page.reload();
  assert.deepEqual(asked, []);
  await page.fill("#answer", "typed");
  await page.reload();
  assert.deepEqual(asked, ["beforeunload"]);
});

onSheet("two minutes before the end a button keeps somebody signed in", async (page, context) => {
  const sent = [];
  await context.route("**/account/extend", (route) => {
    sent.push(route.request().postData());
    return route.fulfill({ status: 204 });
  });
  await page.clock.fastForward("12:50");
  assert.equal(await page.locator(".tc-timeout").count(), 0);
  await page.clock.fastForward("00:15");
  await page.click(".tc-timeout button");
  await page.locator(".tc-timeout").waitFor({ state: "detached" });
  assert.deepEqual(sent, ["csrf=of-this-sign-in"]);
  await page.clock.fastForward("15:05");
  assert.equal(await page.textContent(".tc-timeout"), "Signed out.");
});
