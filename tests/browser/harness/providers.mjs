// Identity providers on loopback: the real one of npm's oidc-provider, and a liar that signs whatever a test says.
import { execFileSync } from "node:child_process";
import { createHash, createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import Provider from "oidc-provider";

export const bestAcr = "urn:acr.login.gov:auth-only";
export const weakAcr = "urn:acr.example:password";

export function newKey(kid) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const named = (key) => ({ ...key.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" });
  return { kid, privateKey, jwk: named(publicKey), privateJwk: named(privateKey), pem: privateKey.export({ type: "pkcs8", format: "pem" }) };
}

async function listening(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

async function closed(server) {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

export async function freePort() {
  const server = createServer();
  const port = await listening(server);
  await closed(server);
  return port;
}

async function bodyOf(request) {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

// ---- the real one

// Whoever says who they are is believed; how well they were identified is what the form says.
const form = (uid) => `<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1><form method="post" action="/interaction/${uid}">
<label>Account <input name="account"></label><label>acr <input name="acr" value="${bestAcr}"></label><button>Go on</button></form></html>`;

// The provider's own page to sign out, without the font it would fetch.
function logoutSource(context, form) {
  context.body = `<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1>${form}
<button form="op.logoutForm" name="logout" value="yes">Sign out</button></html>`;
}

// `people`: by account, { email, email_verified }. `client`: { id, jwk, portal } of the one client.
export async function startProvider(name, people, client) {
  const accounts = new Map(Object.entries(people));
  const fetched = { keys: 0 };
  let provider;
  const server = createServer(async (request, response) => {
    const uid = /^\/interaction\/([\w-]+)/.exec(request.url)?.[1];
    if (request.url === "/jwks") fetched.keys += 1;
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    if (!uid) return handle(request, response);
    if (request.method === "GET") return response.setHeader("Content-Type", "text/html; charset=utf-8").end(form(uid));
    const typed = await bodyOf(request);
    const login = { accountId: typed.get("account"), acr: typed.get("acr") };
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  });
  const issuer = `http://127.0.0.1:${await listening(server)}`;
  let handle;

  function useKeys(...keys) {
    provider = new Provider(issuer, {
      acrValues: [bestAcr, weakAcr],
      claims: { openid: ["sub"], email: ["email", "email_verified"] },
      clients: [{
        client_id: client.id,
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "RS256",
        jwks: { keys: [client.jwk] },
        redirect_uris: [`${client.portal}/sign-in/oidc/${name}/answer`],
        post_logout_redirect_uris: [`${client.portal}/sign-in`],
      }],
      cookies: { keys: ["of the test"], names: { session: `${name}_session`, interaction: `${name}_interaction`, resume: `${name}_resume` } },
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { logoutSource } },
      findAccount: (_, sub) => accounts.has(sub) && { accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      jwks: { keys: keys.map((key) => key.privateJwk) },
      async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope("openid email");
        await grant.save();
        return grant;
      },
      pkce: { methods: ["S256"], required: () => true },
      ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
    });
    handle = provider.callback();
  }
  useKeys(newKey(`${name}-1`));
  return { issuer, accounts, fetched, useKeys, stop: () => closed(server) };
}

// ---- the liar

// A certificate of localhost by an authority made here. Returns files (PEM).
export function certificateIn(folder, authority) {
  const at = (file) => join(folder, `${authority}-${file}`);
  const openssl = (...words) => execFileSync("openssl", words, { stdio: ["ignore", "ignore", "pipe"] });
  const made = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
  writeFileSync(at("names"), "subjectAltName=DNS:localhost\n");
  openssl("req", "-x509", ...made, "-subj", `/CN=${authority}`, "-keyout", at("ca-key.pem"), "-out", at("ca.pem"));
  openssl("req", ...made.slice(0, 3), "-subj", "/CN=localhost", "-keyout", at("key.pem"), "-out", at("request.pem"));
  openssl("x509", "-req", "-in", at("request.pem"), "-CA", at("ca.pem"), "-CAkey", at("ca-key.pem"), "-CAcreateserial", "-days", "2",
    "-extfile", at("names"), "-out", at("certificate.pem"));
  return { authority: at("ca.pem"), key: at("key.pem"), certificate: at("certificate.pem") };
}

const encoded = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

export function signed(header, claims, key) {
  const said = `${encoded(header)}.${encoded(claims)}`;
  if (header.alg === "none") return `${said}.`;
  if (header.alg === "HS256") return `${said}.${createHmac("sha256", key).update(said).digest("base64url")}`;
  return `${said}.${sign("sha256", Buffer.from(said), key).toString("base64url")}`;
}

// What the client must send to get tokens, held to the letter; "" where all is right.
function faultOfTokenRequest(asked, client, tokenEndpoint, challenge, seen) {
  const [header, claims, signature] = (asked.get("client_assertion") ?? "..").split(".");
  const of = (part) => JSON.parse(Buffer.from(part, "base64url").toString() || "{}");
  const said = of(claims);
  const now = Date.now() / 1000;
  const key = createPublicKey({ key: client.jwk, format: "jwk" });
  const faults = [
    [asked.get("grant_type") !== "authorization_code", "grant_type"],
    [asked.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion_type"],
    [of(header).alg !== "RS256", "alg"],
    [!verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url")), "signature"],
    [said.iss !== client.id || said.sub !== client.id || said.aud !== tokenEndpoint, "iss, sub, aud"],
    [!(said.exp > now && said.exp <= now + 600), "exp"],
    [!(said.jti?.length >= 22) || seen.has(said.jti), "jti"],
    [createHash("sha256").update(asked.get("code_verifier") ?? "").digest("base64url") !== challenge, "code_verifier"],
  ];
  seen.add(said.jti);
  return faults.filter(([wrong]) => wrong).map(([, name]) => name).join(", ");
}

// `next`: what it does next, set by the test: { challenge, idToken, userinfo, tokens }.
export async function startLiar(files, client) {
  const liar = { next: {}, fetched: { keys: 0 }, keys: [newKey("liar-1")], faults: [] };
  const seen = new Set();
  const discovery = () => ({
    issuer: liar.issuer,
    authorization_endpoint: `${liar.issuer}/authorize`,
    token_endpoint: `${liar.issuer}/token`,
    userinfo_endpoint: `${liar.issuer}/userinfo`,
    jwks_uri: `${liar.issuer}/jwks`,
    end_session_endpoint: `${liar.issuer}/end`,
    authorization_response_iss_parameter_supported: true,
  });
  const answers = {
    "/.well-known/openid-configuration": discovery,
    "/plain/.well-known/openid-configuration": () => ({
      ...discovery(), issuer: `${liar.issuer}/plain`, token_endpoint: "http://127.0.0.1:9/token",
    }),
    "/jwks": () => {
      liar.fetched.keys += 1;
      return { keys: liar.keys.map((key) => key.jwk) };
    },
    "/userinfo": (request) => (request.headers.authorization === "Bearer access" ? liar.next.userinfo : { error: "invalid_token" }),
    async "/token"(request) {
      const fault = faultOfTokenRequest(await bodyOf(request), client, `${liar.issuer}/token`, liar.next.challenge, seen);
      if (fault) liar.faults.push(fault);
      return { access_token: "access", token_type: "Bearer", id_token: liar.next.idToken, ...liar.next.tokens };
    },
  };
  const server = createTlsServer({ key: readFileSync(files.key), cert: readFileSync(files.certificate) }, async (request, response) => {
    const answer = await answers[request.url]?.(request);
    response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" }).end(JSON.stringify(answer ?? {}));
  });
  liar.port = await listening(server);
  liar.issuer = `https://localhost:${liar.port}`;
  liar.stop = () => closed(server);
  liar.goodClaims = (asked, subject) => ({
    iss: liar.issuer,
    aud: client.id,
    sub: subject,
    nonce: asked.get("nonce"),
    acr: bestAcr,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000) - 5,
    exp: Math.floor(Date.now() / 1000) + 300,
  });
  return liar;
}
