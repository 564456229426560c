// A preparation pack in the browser: the account manager leaves a topic out and asks one question again with its reason; the company
// corrects what changed, answers the rest and signs; nobody was asked twice without a reason.
import assert from "node:assert/strict";
import { act, as, emailOf, person } from "./harness/cast.mjs";
import { both, check, site } from "./harness/portal.mjs";

const companies = { true: { id: "MERIDIAN", nam: "nora.lind@cbp.example" }, false: { id: "SILVERFERN", nam: "paul.reyes@cbp.example" } };
const stale = "The manual was rewritten after the merger.";
const text = (page) => page.innerText("main");
const button = (name) => `main button:has-text('${name}')`;

both("a preparation pack asks what was chosen and what is not on file", async (page, { scripts }) => {
  const { id: company, nam } = companies[scripts];
  const seen = (name) => check(page, `pack-${name}`);
  const review = site.ask("case", "list", "--company", company, "--workflow", "continuation").at(-1).case;
  await as(page, nam);
  await page.goto(`/cases/${review}`);
  await page.click("main a:has-text('Choose the questions')");
  const all = Number(/This pack: (\d+) questions/.exec(await text(page))[1]);
  await page.click("label[for='left_out.forced_labor']");
  await page.click("li:has([id='question.control_manual_version']) summary");
  await page.fill("[id='again.control_manual_version']", stale);
  await page.click(button("Count again"));
  await seen("choose");
  const counted = /This pack: (\d+) questions, (\d+) on file, (\d+) to answer\. 1 of them/.exec(await text(page));
  const [chosen, known, rest] = counted.slice(1).map(Number);
  assert.ok(chosen === all - 3 && known + rest === chosen && known > 0, counted[0]);
  await page.click(button("Choose the questions"));
  assert.match(await text(page), /The company gets its preparation pack when the review opens\./);
  act(["send", review, "open_for_cause"], emailOf("compliance"), { cause: "A penalty case" });

  const officer = person("officer", { company });
  await as(page, officer.email);
  await page.click(".tc-tasks a[href$='/answers']");
  assert.match(await text(page), new RegExp(`This pack: ${chosen} questions, ${known} on file, ${rest} to answer\\.`));
  assert.match(await text(page), new RegExp(`We ask again: ${stale}`));
  assert.equal(await page.locator("[id^='q.forced_labor.']").count(), 0);
  await seen("answers");
  for (const field of await page.locator("main textarea, main input[type=text][id^='q.']").all())
    if ((await field.inputValue()) === "") await field.fill("Version 7, since January");
  await page.fill("[id='q.organization.organization']", "Customs compliance reports to the chief executive.");
  if (!(await page.locator("[id^='q.evidence.sample_entries_traced']:checked").count()))
    await page.click("label[for^='q.evidence.sample_entries_traced']:has-text('Yes')");
  await page.fill("#signature", officer.name);
  await page.click(button("Sign and send"));
  assert.match(await text(page), /Done: Preparation pack sent\./);
  await as(page, nam);
  await page.goto(`/cases/${review}`);
  assert.match(await text(page), /Corrected: 1\. Asked again, with a reason: 1\. Asked twice without one: 0\./);
  await seen("read");
});
