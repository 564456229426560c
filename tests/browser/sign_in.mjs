// People sign in at two providers, each for one side: journeys in a browser at oidc-provider, and a liar whose tokens are refused.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { both, check, openBrowser } from "./harness/portal.mjs";
import { newFolder, run, runWith, serve } from "./harness/program.mjs";
import { bestAcr, certificateIn, freePort, newKey, signed, startLiar, startProvider, weakAcr } from "./harness/providers.mjs";

const olive = "olive@acme.example"; // officer of a company
const nora = "nora@agency.example"; // of the staff
const verified = (email) => ({ email, email_verified: true });

const folder = newFolder();
const database = join(folder, "live.db");
const port = await freePort();
const portal = `http://127.0.0.1:${port}`;
const ourKey = newKey("ours");
const client = { id: "urn:gov:test:tradecase", jwk: ourKey.jwk, portal };
const trusted = certificateIn(folder, "trusted");
const unknown = certificateIn(folder, "unknown");
const started = [];
after(async () => {
  for (const one of started.reverse()) await one.stop();
  rmSync(folder, { recursive: true, force: true });
});
async function start(begun) {
  const one = await begun;
  started.push(one);
  return one;
}

const publicOne = await start(startProvider("public", {
  olive: verified(olive),
  nora: verified(nora),
  ursula: { email: olive, email_verified: false },
  stranger: verified("stranger@elsewhere.example"),
  usurper: verified(olive),
}, client));
const agencyOne = await start(startProvider("agency", { nora: verified(nora), olive: verified(olive) }, client));
const liar = await start(startLiar(trusted, client));

writeFileSync(join(folder, "ours.pem"), ourKey.pem);
const provider = (name, label, whom, issuer, authority = "") => `
[[oidc]]
name = "${name}"
label = "${label}"
for = "${whom}"
issuer = "${issuer}"
client_id = "${client.id}"
key_file = "${folder}/ours.pem"
acr = ["${bestAcr}", "urn:acr.login.gov:verified"]
${authority && `ca_file = "${authority}"`}
`;
writeFileSync(join(folder, "settings.toml"), [
  `[portal]\nurl = "${portal}"\n`,
  provider("public", "Public Sign-in", "companies", publicOne.issuer),
  provider("agency", "Agency Sign-in", "staff", agencyOne.issuer),
  provider("liar", "Liar", "companies", liar.issuer, trusted.authority),
  provider("stranger", "Of an unknown authority", "companies", liar.issuer, unknown.authority),
  provider("misnamed", "Of another name", "companies", `https://127.0.0.1:${liar.port}`, trusted.authority),
  provider("plain", "With a plain address", "companies", `${liar.issuer}/plain`, trusted.authority),
].join(""));

run("init", "--db", database);
run("company", "add", "--id", "acme", "--legal-name", "Acme Imports", "--tier", "II", "--officer-name", "Olive Hart", "--officer-email", olive, "--db", database);
run("people", "add", "--email", "lena@acme.example", "--name", "Lena Moss", "--role", "preparer", "--company", "acme", "--db", database);
run("people", "add", "--email", nora, "--name", "Nora Lind", "--role", "nam", "--db", database);
run("people", "add", "--email", "oscar@agency.example", "--name", "Oscar Poe", "--role", "admin", "--db", database);
const site = await start(serve(database, port, "--config", join(folder, "settings.toml"), "--quiet"));

// ---- in a browser

async function signInAt(page, name, account, acr = bestAcr) {
  await page.goto(`${portal}/sign-in`);
  await page.click(`a[href^='/sign-in/oidc/${name}?']`);
  if (new URL(page.url()).origin === portal) return; // known there from before
  await page.fill("[name=account]", account);
  await page.fill("[name=acr]", acr);
  await page.click("button");
}

const signedInAs = async (page, name) =>
  assert.equal((await page.locator(".tc-who").textContent()).includes(name), true, `${page.url()} is not ${name}'s`);

// Refused with this status; the log says why. The page's own complaint about its status is no fault.
async function refused(page, status, why) {
  assert.equal(page.document.status(), status);
  assert.equal(new URL(page.url()).origin, portal);
  assert.match((await site.lineAbout(page.document.headers()["x-request-id"])).oidc, why);
}

both("the sign-in page offers each provider, and says for whom", async (page) => {
  await page.goto(`${portal}/sign-in`);
  const offered = await page.locator(".tc-providers li").allTextContents();
  assert.deepEqual(offered.slice(0, 2).map((text) => text.trim()), ["Sign in with Public Sign-in For companies", "Sign in with Agency Sign-in For staff of the agency"]);
  await check(page, "S0-sign-in-providers");
});

both("an officer signs in at the companies' provider, and out again there too", async (page) => {
  await signInAt(page, "public", "olive");
  await signedInAs(page, "Olive Hart");
  await page.click("form[action='/sign-out'] button");
  assert.equal(page.url(), `${portal}/signed-out/public`);
  await check(page, "S0-signed-out");
  const end = new URL(await page.getAttribute("a[href*='post_logout_redirect_uri']", "href"));
  assert.ok(end.searchParams.get("state").length >= 22);
  assert.equal(end.searchParams.get("client_id"), client.id);
  await page.goto(`${portal}/account`);
  assert.equal(new URL(page.url()).pathname, "/sign-in", "our own sign-in is over");
  await page.goto(`${portal}/signed-out/public`);
  await page.click("a[href*='post_logout_redirect_uri']");
  assert.equal(new URL(page.url()).origin, publicOne.issuer);
  await page.click("button[name=logout]");
  assert.match(page.url(), new RegExp(`^${portal}/sign-in\\?state=`));
  await page.click("a[href^='/sign-in/oidc/public?']");
  assert.equal(new URL(page.url()).origin, publicOne.issuer, "the provider asks anew who it is");
});

both("somebody of the staff signs in at the agency's provider, and comes where the link led", async (page) => {
  await page.goto(`${portal}/due`);
  await page.click("a[href^='/sign-in/oidc/agency?']");
  await page.fill("[name=account]", "nora");
  await page.click("button");
  assert.equal(page.url(), `${portal}/due`);
  await signedInAs(page, "Nora Lind");
});

for (const [name, provider, account, acr, status, why] of [
  ["staff at the companies' provider", "public", "nora", bestAcr, 403, /not for people of your role/],
  ["an officer at the agency's provider", "agency", "olive", bestAcr, 403, /not for people of your role/],
  ["somebody unknown", "public", "stranger", bestAcr, 403, /nobody here has your e-mail address/],
  ["an address that is not verified", "public", "ursula", bestAcr, 422, /e-mail address is not verified/],
  ["somebody identified less well than asked", "public", "olive", weakAcr, 422, /not identified as asked/],
  ["another account of a known address", "public", "usurper", bestAcr, 403, /another account/],
])
  both(`${name} is not signed in`, async (page) => {
    await signInAt(page, provider, account, acr);
    await refused(page, status, why);
    await check(page, `S0-refused-${account}-${status}`);
    await page.goto(`${portal}/account`);
    assert.equal(new URL(page.url()).pathname, "/sign-in");
  });

both("an answer counts once", async (page) => {
  let answer;
  page.on("request", (request) => { if (request.url().includes("/sign-in/oidc/public/answer")) answer = request.url(); });
  await signInAt(page, "public", "olive");
  await signedInAs(page, "Olive Hart");
  await page.goto(answer);
  await refused(page, 422, /answered already/);
});

test("a new key of the provider is fetched, once", async () => {
  const context = await openBrowser();
  const page = await context.newPage();
  await signInAt(page, "public", "olive");
  const before = publicOne.fetched.keys;
  publicOne.useKeys(newKey("public-2"));
  await signInAt(page, "public", "olive");
  await signedInAs(page, "Olive Hart");
  assert.equal(publicOne.fetched.keys, before + 1);
  await signInAt(page, "public", "olive");
  await signedInAs(page, "Olive Hart");
  assert.equal(publicOne.fetched.keys, before + 1);
  await context.close();
});

both("the secret of a second factor is shown as a picture and as text", async (page) => {
  const password = "a sentence that nobody guesses";
  runWith(`${password}\n`, "account", "set-password", "--as", "oscar@agency.example", "--db", database);
  await page.goto(`${portal}/sign-in?next=/account/password`);
  await page.fill("#email", "oscar@agency.example");
  await page.fill("#password", password);
  await page.click("form.usa-form button[type=submit]");
  await page.click("form[action='/account/second-factor'] button");
  const picture = page.getByRole("img", { name: "QR code of the secret below" });
  const { width, height } = await picture.boundingBox();
  assert.ok(width >= 160 && Math.abs(width - height) < 1, `${width} × ${height} px`);
  assert.match(await page.locator(".tc-pre").textContent(), /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  await check(page, "S1-second-factor");
});

// ---- what the liar tries, without a browser

const ask = (path, cookie = "") => fetch(portal + path, { redirect: "manual", headers: { Cookie: cookie } });
const cookieLines = (response) => (response.headers.get("set-cookie") ?? "").split(/, (?=__Host-)/);
const cookiesOf = (response) => cookieLines(response).map((line) => line.split(";")[0]).join("; ");

// The first half: what the browser is sent away with.
async function begin(name = "liar") {
  const response = await ask(`/sign-in/oidc/${name}?next=/account`);
  const asked = response.status === 303 ? new URL(response.headers.get("location")).searchParams : new URLSearchParams();
  return { response, asked, cookie: cookiesOf(response) };
}

// The second half: the liar answers with these claims, signed like that. What is left out is as it must be.
async function finish({ asked, cookie }, { subject = "sub-lena", claims = {}, header = {}, key, idToken, userinfo, tokens, query = {} } = {}) {
  const right = liar.keys[0];
  const said = JSON.parse(JSON.stringify({ ...liar.goodClaims(asked, subject), ...claims })); // undefined: left out
  liar.next = {
    challenge: asked.get("code_challenge"),
    idToken: idToken?.(said) ?? signed({ alg: "RS256", kid: right.kid, ...header }, said, key ?? right.privateKey),
    userinfo: { sub: subject, email: "lena@acme.example", email_verified: true, ...userinfo },
    tokens,
  };
  const answer = new URLSearchParams({ code: "a-code", state: asked.get("state"), iss: liar.issuer, ...query });
  return ask(`/sign-in/oidc/liar/answer?${answer}`, cookie);
}

const isSignedIn = async (response) =>
  response.status === 303 && (await ask("/account", cookiesOf(response))).status === 200;

async function whyRefused(response, status = 422) {
  assert.equal(response.status, status);
  assert.ok(!cookiesOf(response).includes("__Host-session"), "no sign-in begins");
  return (await site.lineAbout(response.headers.get("x-request-id"))).oidc;
}

test("what is asked of a provider is Login.gov's published profile", async () => {
  const { asked, response } = await begin();
  assert.equal(asked.get("response_type"), "code");
  assert.equal(asked.get("client_id"), client.id);
  assert.equal(asked.get("redirect_uri"), `${portal}/sign-in/oidc/liar/answer`);
  assert.equal(asked.get("scope"), "openid email");
  assert.equal(asked.get("acr_values"), `${bestAcr} urn:acr.login.gov:verified`);
  assert.equal(asked.get("code_challenge_method"), "S256");
  assert.equal(asked.get("code_challenge").length, 43);
  assert.ok(asked.get("state").length >= 22 && asked.get("nonce").length >= 22);
  const again = (await begin()).asked;
  for (const name of ["state", "nonce", "code_challenge"]) assert.notEqual(again.get(name), asked.get(name));
  assert.match(cookieLines(response)[0], /^__Host-oidc-liar=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/);
});

test("an honest answer signs in, by a client assertion and a verifier that hold", async () => {
  const response = await finish(await begin());
  assert.ok(await isSignedIn(response));
  assert.equal(response.headers.get("location"), "/account");
  assert.deepEqual(liar.faults, []);
});

test("who is bound is known by issuer and subject, whatever the address says later", async () => {
  assert.ok(await isSignedIn(await finish(await begin(), { userinfo: { email: "lena@elsewhere.example" } })));
  assert.match(await whyRefused(await finish(await begin(), { subject: "sub-other" }), 403), /another account/);
  run("account", "forget-provider", "--as", "lena@acme.example", "--db", database);
  assert.ok(await isSignedIn(await finish(await begin(), { subject: "sub-new" })));
  run("account", "forget-provider", "--as", "lena@acme.example", "--db", database);
});

const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;
const stranger = newKey("liar-1");
for (const [name, lie, why] of [
  ["the nonce of another sign-in", { claims: { nonce: "n".repeat(43) } }, /answers another sign-in/],
  ["no nonce", { claims: { nonce: undefined } }, /answers another sign-in/],
  ["another audience", { claims: { aud: "urn:gov:test:other" } }, /meant for somebody else/],
  ["our audience among others", { claims: { aud: [client.id, "urn:gov:test:other"] } }, /meant for somebody else/],
  ["another issuer in the token", { claims: { iss: publicOne.issuer } }, /another issuer/],
  ["another issuer in the answer", { query: { iss: publicOne.issuer } }, /answer is of another issuer/],
  ["no issuer in the answer, where one was promised", { query: { iss: "" } }, /answer is of another issuer/],
  ["alg none", { header: { alg: "none" } }, /no token/],
  ["alg none with a signature", { idToken: (claims) => `${signed({ alg: "none" }, claims)}AAAA` }, /not signed by RS256/],
  ["HS256 with our public key as its secret", { header: { alg: "HS256" }, key: JSON.stringify(liar.keys[0].jwk) }, /not signed by RS256/],
  ["the signature of another key under the same name", { key: stranger.privateKey }, /signature does not hold/],
  ["a token that has expired", { claims: { exp: inSeconds(-120) } }, /has expired/],
  ["a token without an end", { claims: { exp: undefined } }, /has expired/],
  ["a token of tomorrow", { claims: { iat: inSeconds(86_400) } }, /moment to come/],
  ["a downgraded acr", { claims: { acr: weakAcr } }, /not identified as asked/],
  ["no acr", { claims: { acr: undefined } }, /not identified as asked/],
  ["no subject", { claims: { sub: "" } }, /names nobody/],
  ["no token", { tokens: { id_token: undefined } }, /gives no id_token/],
  ["no access token", { tokens: { access_token: undefined } }, /gives no access_token/],
  ["userinfo of somebody else", { userinfo: { sub: "sub-olive" } }, /speaks of somebody else/],
  ["an address that is not verified", { userinfo: { email_verified: false } }, /not verified/],
  ["an address that is verified in words only", { userinfo: { email_verified: "true" } }, /not verified/],
  ["an address of which nothing is said", { userinfo: { email_verified: undefined } }, /not verified/],
  ["no address", { userinfo: { email: undefined } }, /gives no email/],
])
  test(`refused: ${name}`, async () => {
    assert.match(await whyRefused(await finish(await begin(), lie)), why);
  });

test("an unknown key is asked for once, and the token refused", async () => {
  const lie = { header: { kid: "liar-2" }, key: stranger.privateKey };
  const before = liar.fetched.keys;
  assert.match(await whyRefused(await finish(await begin(), lie)), /key is not the provider's/);
  assert.equal(liar.fetched.keys, before + 1);
  assert.match(await whyRefused(await finish(await begin(), lie)), /key is not the provider's/);
  assert.equal(liar.fetched.keys, before + 1);
  assert.ok(await isSignedIn(await finish(await begin())), "the right key still holds");
});

test("an answer is taken once, from the browser that asked, for the provider that was asked", async () => {
  const notBegun = /did not begin, or that was answered already/;
  const first = await begin();
  assert.ok(await isSignedIn(await finish(first)));
  assert.match(await whyRefused(await finish(first)), notBegun);

  const refusedOne = await begin();
  await whyRefused(await finish(refusedOne, { claims: { acr: weakAcr } }));
  assert.match(await whyRefused(await finish(refusedOne)), notBegun, "a refused answer is used up too");

  const mine = await begin();
  assert.match(await whyRefused(await finish({ ...mine, cookie: "" })), notBegun);
  assert.match(await whyRefused(await finish({ ...await begin(), cookie: (await begin()).cookie })), notBegun);

  const elsewhere = await begin("agency");
  const cookie = elsewhere.cookie.replace("oidc-agency", "oidc-liar");
  assert.match(await whyRefused(await finish({ ...elsewhere, cookie })), notBegun);
  assert.match(await whyRefused(await ask("/sign-in/oidc/liar/answer?code=a-code&state=&iss=", "__Host-oidc-liar=")), notBegun);
});

test("a provider that says no is quoted in the log", async () => {
  const { asked, cookie } = await begin();
  const response = await ask(`/sign-in/oidc/liar/answer?error=access_denied&state=${asked.get("state")}`, cookie);
  assert.match(await whyRefused(response), /the provider says access_denied/);
});

test("a provider without a certificate for its name, by an authority of ours, is not spoken to", async () => {
  for (const name of ["stranger", "misnamed"])
    assert.match(await whyRefused((await begin(name)).response), /cannot be reached: .*(certificate|SSL)/i, name);
  assert.match(await whyRefused((await begin("plain")).response), /no https address/);
});

test("a sign-in ends when its provider is not for the person any more", async () => {
  const cookie = cookiesOf(await finish(await begin()));
  assert.equal((await ask("/account", cookie)).status, 200);
  run("people", "add", "--email", "lena@acme.example", "--name", "Lena Moss", "--role", "nam", "--db", database);
  assert.equal((await ask("/account", cookie)).status, 303);
  assert.match(await whyRefused(await finish(await begin()), 403), /not for people of your role/);
});

test("no provider is at an address that is none's", async () => {
  for (const path of ["/sign-in/oidc", "/sign-in/oidc/nobody", "/sign-in/oidc/nobody/answer", "/signed-out/nobody"])
    assert.equal((await ask(path)).status, 404, path);
});
