// Two people at one form: the slower one reads both versions side by side, and nothing typed is lost.
import assert from "node:assert/strict";
import { both, check, openBrowser, signIn } from "./harness/portal.mjs";
import { file, moveClock, openLetter } from "./harness/letters.mjs";

const officer = "adaeze.wren@harborlight.example.com", preparer = "milo.tansy@harborlight.example.com", paul = "paul.reyes@cbp.example";
const cedarfall = openLetter("CEDARFALL"), meridian = openLetter("MERIDIAN");
file(cedarfall);
file(meridian);
await moveClock("2027-03-22");
const harborlight = openLetter("HARBORLIGHT");

async function beside(email, path, scripts) {
  const page = await (await openBrowser({ scripts })).newPage();
  await signIn(page, email);
  await page.goto(path);
  return page;
}

both("a section of the letter saved by two people", async (page, { scripts }) => {
  const path = `/cases/${harborlight.case}/letter/J`;
  const theirs = `Theirs ${scripts}`, mine = `Mine <b>${scripts}</b>`;
  await signIn(page, officer);
  await page.goto(path);
  const colleague = await beside(preparer, path, scripts);
  await colleague.fill("[name='q.J.training_program']", theirs);
  await colleague.click("button:has-text('Save and go back to the list')");
  await page.fill("[name='q.J.training_program']", mine);
  await page.click("button:has-text('Save and go on')");
  assert.equal(page.document.status(), 412);
  await check(page, "M4a-conflict");
  const table = await page.innerText("section[aria-labelledby=meanwhile-heading]");
  assert.match(table, new RegExp(`Milo Tansy`));
  assert.ok(table.includes(theirs) && table.includes(mine), table);
  assert.equal(await page.inputValue("[name='q.J.training_program']"), mine);
  await page.click("button:has-text('Save and go back to the list')");
  assert.equal(page.document.status(), 200);
  await colleague.goto(path);
  assert.equal(await colleague.inputValue("[name='q.J.training_program']"), mine);
  await colleague.context().close();
});

both("a letter decided elsewhere while its reviewer writes", async (page, { scripts }) => {
  const letter = scripts ? cedarfall : meridian, nam = scripts ? paul : "nora.lind@cbp.example";
  const path = `/cases/${letter.case}/review`;
  await signIn(page, nam);
  await page.goto(path);
  await page.click("button:has-text('Start the review')");
  await page.click("section[aria-labelledby=section-A] summary");
  await page.fill("[id='question.A']", "Who signed for the officer?");
  const elsewhere = await beside(nam, path, scripts);
  await elsewhere.click("#all_confirmed");
  await elsewhere.click("button:has-text('Accept the letter')");
  await page.click("#ask");
  assert.equal(page.document.status(), 412);
  await check(page, "N3-too-late");
  const said = await page.innerText("main");
  assert.match(said, /Who signed for the officer\?/);
  assert.match(said, /Accepted/);
  await elsewhere.context().close();
});
