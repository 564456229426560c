// Every class of our own that a page uses stands in app.css: a misspelt one would only be seen by looking.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
const classesOf = (text) => new Set(text.match(/\btc-[a-z][a-z-]*[a-z]/g) ?? []);

test("every class of ours has a rule in app.css", () => {
  const css = readFileSync("templates/assets/app.css", "utf8").replace(/\/\*[^]*?\*\//g, "");
  const known = new Set([...css.matchAll(/\.(tc-[a-z-]+)/g)].map(([, name]) => name));
  const unknown = [...filesBelow("templates/portal"), ...filesBelow("adapters/http")].flatMap((file) =>
    [...classesOf(readFileSync(file, "utf8"))].filter((name) => !known.has(name)).map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(unknown, [], "write its rule into templates/assets/app.css, or use one of the classes named at its head");
});
