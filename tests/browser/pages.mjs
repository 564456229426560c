// Every page that `tradecase routes --json` names, as everybody who may ask: the status, and what holds for every page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOfMarkup } from "./harness/markup.mjs";
import { both, check, faultsOf, openBrowser, signIn, site } from "./harness/portal.mjs";

// Shown by journeys: where the case has to be in some state, the address holds a secret or asks for a list, where nobody has a
// password, and where the story changes no rule.
const shownElsewhere = (path) =>
  path.startsWith("/cases/{case}/") || ["/account/password", "/benefits/entries", "/benefits/cases", "/calendar/{file}", "/bulk", "/bulk/{run}",
    "/operator/rules/changes/{change}"].includes(path.replace(/\.(csv|xlsx)$/, ""));
const staffRoles = ["nam", "supervisor", "compliance", "auditor", "appeals", "admin"];
const teamRoles = ["nam", "supervisor", "compliance", "auditor", "admin"];
const crews = 2; // of everybody, who go through the pages side by side
const titles = new Map(); // title → page, of what one person sees
const refusals = new Set(); // kinds of refusal already looked at: side and status

// One person a role; officers of the companies that the examples are about, and of one that none is about.
function peopleOf(all, companies) {
  const here = all.filter((person) => !person.departed_on);
  const having = (role, company) => here.find((p) => p.roles.some((r) => r.role === role && (!company || r.company === company)));
  const chosen = staffRoles.map((role) => ({ role, company: "", person: having(role) }));
  const officers = here.flatMap((p) => p.roles).filter((r) => r.role === "officer");
  const other = officers.find((r) => !companies.has(r.company))?.company;
  for (const company of [...companies, other]) if (company) chosen.push({ role: "officer", company, person: having("officer", company) });
  const preparer = here.find((p) => p.roles.every((r) => r.role === "preparer"));
  if (preparer) chosen.push({ role: "preparer", company: preparer.roles[0].company, person: preparer });
  return chosen.filter(({ person }) => person).map(({ role, company, person }) => ({ role, company, email: person.email }));
}

// The company an example's address is about; "" where it names none.
function companyOf(route) {
  const at = (name) => decodeURIComponent(route.example.split("?")[0].split("/")[route.path.split("/").indexOf(name)] ?? "");
  if (route.path.includes("{case}")) return site.ask("case", "show", at("{case}")).company;
  if (route.path.includes("{company}")) return at("{company}");
  return "";
}

function expected(route, { role, company }, about) {
  const staff = staffRoles.includes(role);
  if (route.access === "anyone") return shownElsewhere(route.path) ? [200, 404] : [200];
  if (role === "nobody") return [303];
  const near = { signed_in: true, company: !staff, staff, team: teamRoles.includes(role), rules: role === "compliance" || role === "admin", operators: role === "admin" }[route.access];
  assert.notEqual(near, undefined, `${route.path} has an access that this test does not know: ${route.access}`);
  if (!near) return [403];
  if (about && !staff && company !== about) return [404];
  if (route.path.includes("{command}")) return [200, 403, 404, 409]; // the state and the role decide
  if (about && staff) return [200, 303, 403, 404, 409]; // what only one side is shown, and in which state, the workflow says
  return shownElsewhere(route.path) ? [200, 303, 404, 409] : /\{(?!case|company)/.test(route.path) ? [200, 404] : [200, 303];
}

// {role, company, email, cookie, context, page} of each; role "nobody" has not signed in.
async function signEverybodyIn(companies) {
  const people = [];
  for (const person of [{ role: "nobody", company: "", email: "" }, ...peopleOf(site.ask("people", "list"), companies)]) {
    const context = await openBrowser();
    const page = await context.newPage();
    if (person.email) await signIn(page, person.email);
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    people.push({ ...person, cookie, context, page });
  }
  return people;
}

const nameOf = (route, person, status) =>
  [route.page || "page", route.path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home", person.role, status === 200 ? "" : status]
    .filter(Boolean)
    .join("-");

async function look(route, person) {
  const { page } = person;
  page.faults.length = 0;
  await page.goto(route.example);
  const faults = await faultsOf(page, nameOf(route, person, page.document.status()));
  const title = await page.title();
  const key = `${person.email} ${title}`;
  const isPage = page.document.status() === 200; // refusals share their few titles
  if (isPage && titles.has(key) && titles.get(key) !== route.path) faults.push(`"${title}" is also the title of ${titles.get(key)}`);
  if (isPage) titles.set(key, route.path);
  return faults.map((fault) => `as ${person.role}: ${fault}`);
}

async function visit(route, people) {
  const about = companyOf(route);
  const seen = new Set(); // one person of each side looks with the whole browser, the others ask for the bytes
  const faults = [];
  let shown = /\{(token|command)\}/.test(route.path) || !route.page; // an example of these is good once, or in one state
  for (const person of people) {
    const answer = await fetch(site.origin + route.example, { headers: { cookie: person.cookie }, redirect: "manual" });
    const allowed = expected(route, person, about);
    if (!allowed.includes(answer.status))
      faults.push(`as ${person.role} ${person.company}: ${answer.status}, expected ${allowed.join(" or ")}`);
    if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) {
      shown ||= answer.status === 200;
      continue;
    }
    const bytes = await answer.text();
    const side = person.role === "nobody" ? "nobody" : staffRoles.includes(person.role) ? "staff" : "company";
    const sees = answer.status === 200;
    shown ||= sees;
    if (sees) faults.push(...(await faultsOfMarkup(bytes)).map((fault) => `as ${person.role}: ${fault}`));
    const kind = sees ? side : `${side} ${answer.status}`; // refusals are the same page whatever was asked for
    const looked = sees ? seen : refusals;
    if (looked.has(kind)) continue;
    looked.add(kind);
    faults.push(...(await look(route, person)));
  }
  if (!shown && !shownElsewhere(route.path)) faults.push(`nobody is shown ${route.example}: the example names nothing in this sandbox`);
  return [...new Set(faults)];
}

test("every page as everybody", { concurrency: crews }, async (all) => {
  const routes = site.ask("routes").filter((route) => route.method === "GET" && !route.path.startsWith("/api/"));
  assert.ok(routes.length > 0, "routes --json named no page");
  const companies = new Set(routes.map(companyOf));
  const goThrough = async () => {
    const people = await signEverybodyIn(companies);
    for (let route = routes.shift(); route; route = routes.shift()) {
      const asked = route;
      await all.test(`${asked.page} ${asked.path}`, { timeout: 300_000 }, async () => {
        assert.ok(asked.example, `${asked.path} has no example address`);
        assert.deepEqual(await visit(asked, people), []);
      });
    }
    for (const { context } of people) await context.close();
  };
  await Promise.all(Array.from({ length: crews }, goThrough));
});

both("an address that is not there", async (page) => {
  await signIn(page, "paul.reyes@cbp.example");
  await page.goto("/no-such-page");
  assert.equal(page.document.status(), 404);
  await check(page, "S6-not-there");
});
