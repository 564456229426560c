// Writes what the pages link to into the folder given: hashed names, .br and .gz beside what compresses, manifest.json.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const uswds = "node_modules/@uswds/uswds/dist";
const own = "templates/assets";
const out = process.argv[2];
const manifest = {};
const fromUswds = new Map(); // path below dist → hashed name

function compress(file, bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  if (brotli.length < bytes.length) writeFileSync(join(out, `${file}.br`), brotli);
  if (gzip.length < bytes.length) writeFileSync(join(out, `${file}.gz`), gzip);
}

function add(name, bytes) {
  const dot = name.lastIndexOf(".");
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const file = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  if (manifest[name]) throw new Error(`two files are named ${name}`);
  manifest[name] = file;
  writeFileSync(join(out, file), bytes);
  if (/\.(css|js|svg)$/.test(name)) compress(file, bytes);
  return file;
}

// Two files of different folders may share a name: the folder goes into ours.
function addFromUswds(path) {
  if (!fromUswds.has(path)) fromUswds.set(path, add(`${basename(dirname(path))}-${basename(path)}`, readFileSync(join(uswds, path))));
  return fromUswds.get(path);
}

const withoutMap = (text) => text.replace(/\/[*/]# sourceMappingURL=[^\n]*\n?/g, "");

// One family, in regular, italic and bold: every other face would be one more file before the first page stands.
function oneFamily(css) {
  const sans = "Source Sans Pro Web,Helvetica Neue,Helvetica,Roboto,Arial,sans-serif";
  const kept = css.replace(/@font-face\{[^}]*\}/g, (face) =>
    face.includes('"Source Sans Pro Web"') && /font-weight:(400|700)/.test(face) ? face : "",
  );
  return kept.replaceAll(/Merriweather Web,[^;}]*/g, sans).replaceAll("Roboto Mono Web,", "");
}

function addUswdsCss() {
  const css = oneFamily(withoutMap(readFileSync(join(uswds, "css/uswds.min.css"), "utf8")));
  add("uswds.min.css", Buffer.from(css.replace(/url\(\.\.\/([^)]+)\)/g, (_, path) => `url(${addFromUswds(path)})`)));
}

mkdirSync(out, { recursive: true });
addUswdsCss();
for (const script of ["uswds-init.min.js", "uswds.min.js"])
  add(script, Buffer.from(withoutMap(readFileSync(join(uswds, "js", script), "utf8"))));
for (const file of readdirSync(own).sort()) add(file, readFileSync(join(own, file)));
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
