// The agency's people: a manager reads what changed and accepts or asks, a supervisor moves accounts and countersigns, one step is taken
// for several letters, and somebody stands in for who is away. A manager's and a supervisor's three minutes are counted in clicks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { both, check, openBrowser, signIn } from "./harness/portal.mjs";
import { file, moveClock, openLetter, sendAs } from "./harness/letters.mjs";

const clicks_of_an_acceptance = 4; // beside choosing oneself at the sign-in, which leads to the queue; no key
const clicks_of_a_move = 5; // the same; the only other manager is chosen already
const paul = "paul.reyes@cbp.example", nora = "nora.lind@cbp.example", sumi = "sumi.adler@cbp.example", odil = "odil.marsh@cbp.example";
const training = "Training was shorter this year.";
const changed = { J: { training_held: "no", training_program: training } };

// Each journey has letters of its own: what is accepted with scripts is not there to accept without.
const filed = (company) => {
  const letter = openLetter(company);
  file(letter, changed);
  return letter;
};
const [cedarfall, meridian] = ["CEDARFALL", "MERIDIAN"].map(filed);
await moveClock("2027-03-22");
const harborlight = filed("HARBORLIGHT");
await moveClock("2027-04-12");
const silverfern = filed("SILVERFERN");
const quick = { true: cedarfall, false: harborlight };
const asked = { true: { letter: meridian, nam: nora }, false: { letter: silverfern, nam: paul } };

// A hand that counts what it clicks.
function handOf(page) {
  const hand = { clicks: 0 };
  hand.click = async (selector) => {
    hand.clicks += 1;
    await page.click(selector);
  };
  return hand;
}

const row = (letter) => `main tbody tr:has(a[href='/cases/${letter.case}'])`;
const sections = (page) => page.locator("main section[aria-labelledby^=section-] h2").allInnerTexts();

// A test of one browser: what it shows is the same without scripts, and its letter is there once.
function withScripts(title, run) {
  test(title, { timeout: 120_000 }, async () => {
    const context = await openBrowser();
    try {
      const page = await context.newPage();
      await run(page, async () => (await openBrowser()).newPage());
      assert.deepEqual(page.faults, []);
    } finally {
      await context.close();
    }
  });
}

both("a manager accepts a letter of which only the change is shown", async (page, { scripts }) => {
  const letter = quick[scripts];
  const hand = handOf(page);
  await signIn(page, paul);
  assert.match(page.url(), /\/queue$/, "a manager's day begins at the queue");
  await check(page, "N1-queue");
  assert.match(await page.innerText(row(letter)), /Start the review/);
  await hand.click(`${row(letter)} a[href$='/review']`);
  await hand.click("button:has-text('Start the review')");
  await check(page, "N3-review");
  assert.deepEqual((await sections(page)).map((title) => title[0]), ["A", "J"], "only the sections with a change");
  assert.match(await page.innerText("main"), /Sections without a change: 9\./);
  assert.equal(await page.locator("section[aria-labelledby=section-J] ins").filter({ hasText: training }).count(), 1);
  await hand.click("#all_confirmed");
  await hand.click("button:has-text('Accept the letter')");
  assert.match(page.url(), /\/queue$/);
  assert.match(await page.innerText("main, .usa-alert"), new RegExp(`Accepted: ${letter.title}`));
  assert.equal(await page.locator(row(letter)).count(), 0, "what is done does not wait any more");
  assert.ok(hand.clicks <= clicks_of_an_acceptance, `${hand.clicks} clicks, ${clicks_of_an_acceptance} at most`);
});

both("a manager asks, the importer answers, the manager reads the reply", async (page, { scripts, context }) => {
  const { letter, nam } = asked[scripts];
  await signIn(page, nam);
  await page.click(`${row(letter)} a[href$='/review']`);
  await page.click("button:has-text('Start the review')");
  await page.click("section[aria-labelledby=section-J] summary");
  await page.fill("[id='question.J']", "Who was trained, and when?");
  await page.click("#ask");
  assert.match(await page.innerText("main, .usa-alert"), /Returned with your questions/);
  await context.clearCookies();
  await signIn(page, letter.officer.email);
  await page.click(`main a[href^='/cases/${letter.case}']`);
  await page.goto(`/cases/${letter.case}/questions`);
  await check(page, "M6-returned");
  assert.match(await page.innerText("main"), /Who was trained, and when\?/);
  await page.click("main a[href$='/letter/J']");
  await page.click("label[for='q.J.training_held-1']");
  await page.fill("textarea[name=reply]", "Nobody yet; it is planned for the summer.");
  await check(page, "M4a-returned");
  await page.click("button:has-text('Save and go on')");
  assert.match(page.url(), /\/sign$/);
  await page.fill("#signature", letter.officer.name);
  await page.click("main form button[type=submit]");
  assert.match(page.url(), /\/receipt$/);
  await context.clearCookies();
  await signIn(page, nam);
  await page.click(`${row(letter)} a[href$='/review']`);
  await check(page, "N3-replied");
  assert.match(await page.innerText("section[aria-labelledby=section-J]"), /The company replied: Nobody yet/);
});

both("a supervisor sees next month's load and moves an account", async (page, { scripts }) => {
  const company = scripts ? "Larkspur" : "Tamarack";
  const hand = handOf(page);
  await signIn(page, sumi);
  await hand.click("nav a[href='/workload']");
  await check(page, "N8-workload");
  const weeks = await page.locator("main thead th").allInnerTexts();
  assert.ok(weeks.some((week) => week.startsWith("May ")), `next month is there: ${weeks.join(", ")}`);
  const before = await page.innerText("main tbody tr:has-text('Nora Lind') td:nth-of-type(1)");
  await hand.click("main tbody th a:has-text('Paul Reyes')");
  await check(page, "N8-accounts");
  await hand.click(`main tbody tr:has-text('${company}') input`);
  await hand.click("button:has-text('Look at the move')");
  await check(page, "N10-move");
  assert.match(await page.innerText("main"), /Nothing is done yet\./);
  assert.match(await page.innerText("main ul"), new RegExp(company));
  await hand.click("main form button[type=submit]");
  await check(page, "N10-moved");
  assert.match(await page.innerText("h1"), /Result: 1 of 1 case done/);
  assert.ok(hand.clicks <= clicks_of_a_move, `${hand.clicks} clicks, ${clicks_of_a_move} at most`);
  await page.goto("/workload");
  assert.equal(Number(await page.innerText("main tbody tr:has-text('Nora Lind') td:nth-of-type(1)")), Number(before) + 1);
});

withScripts("a high risk is countersigned by a second person; the one who decided is refused, and told why", async (page, another) => {
  const letter = meridian;
  const operator = await another();
  await signIn(operator, odil);
  await operator.goto("/operator/people");
  await operator.click("main table a:has-text('Nora Lind')");
  await operator.click("summary:has-text('Give one more role')");
  await operator.selectOption("#role", "supervisor");
  await operator.click("button:has-text('Give this role')");
  await operator.context().close();
  await signIn(page, nora);
  await page.click(`${row(letter)} a[href$='/review']`);
  await page.click("button:has-text('Start the review')");
  await page.check("input[name='risks.0'][value=high]");
  await page.check("input[name='risks.1'][value=high]");
  await page.check("#all_confirmed");
  await page.fill("#note", "Two factors are high since the new mill.");
  await page.click("button:has-text('Accept the letter')");
  assert.match(await page.innerText(".usa-alert"), /waits for a supervisor's countersignature/);
  await page.goto(`/cases/${letter.case}/review`);
  await check(page, "N6-own-decision");
  assert.match(await page.innerText(".usa-alert--info"), /whoever decided the review cannot countersign it/);
  assert.equal(await page.locator("button:has-text('Countersign')").count(), 0);
  const second = await another();
  await signIn(second, sumi);
  await second.click(`${row(letter)} a[href$='/review']`);
  await check(second, "N6-countersign");
  assert.match(await second.innerText("main"), /Two factors are high since the new mill\./);
  await second.click("button:has-text('Countersign')");
  await second.goto(`/cases/${letter.case}`);
  await check(second, "N2-countersigned");
  assert.match(await second.innerText(".tc-timeline li:first-of-type"), /Sumi Adler, CBP/);
  assert.match(await second.innerText("main"), /Accepted/);
  assert.deepEqual(second.faults, []);
  await second.context().close();
});

withScripts("one step for several letters is looked at, done, and reported letter by letter", async (page) => {
  await moveClock("2027-05-24");
  const bluemesa = filed("BLUEMESA");
  await moveClock("2027-07-01");
  const granitebay = filed("GRANITEBAY");
  await signIn(page, nora);
  for (const letter of [bluemesa, granitebay]) await page.check(`${row(letter)} input[name=case]`);
  await page.click("button:has-text('Act on the selected cases')");
  await check(page, "N10-choose");
  await page.check("input[value='annual_notification.take']");
  await page.click("button:has-text('Look before it is done')");
  await check(page, "N10-look");
  assert.match(await page.innerText("h1"), /2 of 2 cases/);
  const named = await page.innerText("main form");
  for (const { title } of [bluemesa, granitebay]) assert.ok(named.includes(title), `${title} is named: ${named}`);
  sendAs(nora, granitebay, "take"); // meanwhile, elsewhere
  await page.click("main form button[type=submit]");
  await check(page, "N10-result");
  assert.match(await page.innerText("h1"), /Result: 1 of 2 cases done/);
  assert.match(await page.innerText(`tr:has-text("${bluemesa.company}")`), /^.*\tDone/);
  assert.match(await page.innerText(`tr:has-text("${granitebay.company}")`), /Not done.*(changed|take)/);
});

withScripts("work of somebody away goes to who stands in, and the act bears both names", async (page, another) => {
  await moveClock("2027-07-07");
  const northpier = openLetter("NORTHPIER");
  await signIn(page, odil);
  await page.goto("/operator/people");
  await page.click("main table a:has-text('Paul Reyes')");
  await page.click("summary:has-text('Enter an absence')");
  await page.fill("#from", "7/7/2027");
  await page.fill("#to", "07/21/2027");
  await page.selectOption("#delegate", { label: await page.locator("#delegate option:has-text('Nora Lind')").innerText() });
  await page.click("button:has-text('Enter the absence')");
  await check(page, "O2-absent");
  sendAs(northpier.officer.email, northpier, "request_extension", { days: 30, reason: "The mill was flooded." });
  const delegate = await another();
  await signIn(delegate, nora);
  await check(delegate, "N1-stands-in");
  assert.match(await delegate.innerText(row(northpier)), /Nora Lind for Paul Reyes/);
  await delegate.goto(`/cases/${northpier.case}`);
  await delegate.click("main a[href$='/do/grant_extension']");
  await delegate.fill("textarea[name=reason]", "Floods are no fault of theirs.");
  await delegate.click("main form button[type=submit]");
  await check(delegate, "N2-acted-for");
  assert.match(await delegate.innerText(".tc-timeline li:first-of-type"), /Nora Lind, CBP for Paul Reyes, CBP/);
  assert.deepEqual(delegate.faults, []);
  await delegate.context().close();
});
