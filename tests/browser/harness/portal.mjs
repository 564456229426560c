// What a browser test begins with: the program, a browser, both(), visit, check. Every test runs with scripts and without.
//
//   import { both, check, signIn, site } from "./harness/portal.mjs";
//   both("a manager accepts a notification", async (page, { scripts }) => {
//     await signIn(page, "paul.reyes@cbp.example");
//     await page.click("text=…");
//     await check(page, "review-accepted");
//   });
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { faultsOfMarkup } from "./markup.mjs";
import { startProgram } from "./program.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = "build/screenshots";
export const wide = { width: 1280, height: 900 };
export const narrow = { width: 320, height: 800 };

mkdirSync(screenshots, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const rulesOfWidth = ["scrollable-region-focusable", "target-size", "skip-link", "link-in-text-block"];
export const site = await startProgram().catch(async (failure) => {
  await browser.close();
  throw failure;
}); // origin, ask(), log()
after(async () => {
  await browser.close();
  await site.stop();
});

// Notes what must not happen on a page, and keeps the bytes of its last document.
function watch(page) {
  page.faults = [];
  page.on("console", (message) => {
    const refused = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (refused && page.document?.url() === message.location().url) return; // Chromium says this of every page with such a status
    if (/^Clear-Site-Data header on .* Cleared data types/.test(message.text())) return; // and this of every sign-out
    page.faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (failure) => page.faults.push(`script: ${failure.message}`));
  page.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") page.faults.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on("dialog", (dialog) => dialog.accept());
  page.on("response", (response) => {
    const document = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (document && (response.status() < 300 || response.status() > 399)) page.document = response;
    if (response.status() >= 500) page.faults.push(`${response.url()}: ${response.status()}`);
  });
}

export async function openBrowser({ scripts = true, viewport = wide, language = "en-US" } = {}) {
  const context = await browser.newContext({ baseURL: site.origin, javaScriptEnabled: scripts, viewport, locale: language });
  context.scripts = scripts;
  context.setDefaultTimeout(30_000);
  context.on("page", watch);
  return context;
}

function inBrowser(name, scripts, patience, run) {
  test(name, { timeout: patience }, async () => {
    const context = await openBrowser({ scripts });
    try {
      const page = await context.newPage();
      await run(page, { scripts, context });
      assert.deepEqual(page.faults, []);
    } finally {
      await context.close();
    }
  });
}

// A test that holds with scripts and without. `page` is in a browser of its own.
export function both(name, run, { patience = 300_000 } = {}) {
  for (const scripts of [true, false]) inBrowser(`${name}, ${scripts ? "with" : "without"} scripts`, scripts, patience, run);
}

// A test of one browser, with scripts: what it shows is the same without, and what it does can be done once.
export function once(name, run, { patience = 300_000 } = {}) {
  inBrowser(name, true, patience, run);
}

export async function signIn(page, email) {
  await page.goto("/sign-in");
  await page.fill("#email", email);
  await page.click("form.usa-form button[type=submit]");
  assert.ok(!page.url().includes("/sign-in"), `${email} could not sign in`);
}

// Axe is a script. A page of a browser without scripts, or one whose policy forbids them all, is shown once more where axe may run and
// the page's own scripts may not.
async function pageForAxe(page) {
  const sandboxed = /\bsandbox\b/.test(page.document.headers()["content-security-policy"] ?? "");
  if (page.context().scripts && !sandboxed) return { shown: page, close: () => {} };
  const context = await openBrowser({ viewport: page.viewportSize() });
  const shown = await context.newPage();
  const body = await page.document.text();
  await context.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await context.route(page.document.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
  await shown.goto(page.document.url());
  return { shown, close: () => context.close() };
}

async function violationsOf(page, rules) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } }) };
  const { violations } = await page.evaluate((o) => globalThis.axe.run(document, o), options);
  return violations.map((v) => `axe ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
}

// Nothing of a page but tables and pictures, which scroll within themselves, may be wider than the window.
export async function faultsOfWidth(page) {
  const { scroll, client, widest } = await page.evaluate(() => {
    const root = document.documentElement;
    const scrolls = ".usa-table-container--scrollable, .tc-figure, .usa-sr-only";
    const tooFar = (e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(scrolls);
    const outside = [...document.querySelectorAll("body *")].filter(tooFar);
    return { scroll: root.scrollWidth, client: root.clientWidth, widest: outside.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)) };
  });
  return scroll > client ? [`scrolls sideways: ${scroll} in ${client} px: ${widest.join(" | ")}`] : [];
}

// The whole page; what sticks to the window's edge is put back in its place. Without scripts, `name` says so.
async function photograph(page, name) {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".tc-actions--sticky, .tc-timeout { position: static !important; }");
    document.adoptedStyleSheets = [sheet];
  });
  await page.screenshot({ path: `${screenshots}/${name}${page.context().scripts ? "" : "-no-scripts"}.png`, fullPage: true });
  await page.evaluate(() => { document.adoptedStyleSheets = []; });
}

// Everything that holds for every page in every state. `name` is the screenshots' name: build/screenshots/NAME-1280.png, NAME-320.png.
export async function faultsOf(page, name) {
  const size = page.viewportSize();
  const faults = await faultsOfMarkup(await page.document.text());
  const h1 = await page.locator("h1").allTextContents();
  const title = await page.title();
  if (h1.length !== 1) faults.push(`${h1.length} first headings`);
  else if (!title.replace(/^Error: /, "").startsWith(h1[0].trim().replace(/^Error: /, ""))) faults.push(`the title "${title}" does not begin with the heading "${h1[0].trim()}"`);
  const { shown, close } = await pageForAxe(page);
  const resize = async (to) => { for (const one of new Set([page, shown])) await one.setViewportSize(to); };
  try {
    await resize(wide);
    faults.push(...(await violationsOf(shown)));
    await photograph(page, `${name}-1280`);
    await resize(narrow);
    faults.push(...(await faultsOfWidth(page)), ...(await violationsOf(shown, rulesOfWidth)));
    await photograph(page, `${name}-320`);
    await page.setViewportSize(size);
  } finally {
    await close();
  }
  return [...new Set([...faults, ...page.faults])];
}

export async function check(page, name) {
  assert.deepEqual(await faultsOf(page, name), [], `${page.url()}: see ${screenshots}/${name}-1280.png and -320.png`);
}
