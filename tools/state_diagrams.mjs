// Draws each workflow's states for the case page, from the tables' own export (workflows/NAME/NAME.dot), by Graphviz: NAME.svg for staff,
// NAME.company.svg without the states a company is not told of. Every state is a group with id "state-NAME".
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const words = JSON.parse(readFileSync("templates/portal/commands.json", "utf8"));
const done = JSON.parse(readFileSync("templates/portal/words.json", "utf8")).commands_done;
const from_anywhere = 4; // a command that leads from as many states to one end is drawn once

function tableOf(workflow) {
  const states = [];
  const rows = [];
  for (const line of readFileSync(`workflows/${workflow}/${workflow}.dot`, "utf8").split("\n")) {
    const row = line.match(/^ {2}(\w+) -> (\w+) \[label="(\w+)/);
    const state = line.match(/^ {2}(\w+)( \[peripheries=2\])?;$/);
    if (row) rows.push({ from: row[1], command: row[3], to: row[2] });
    else if (state) states.push({ name: state[1], final: Boolean(state[2]) });
  }
  return { states, rows };
}

const spaced = (name) => (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");

// Which box a state stands in and what the box says. Staff sees every state; two with the same words are told apart by name.
function boxesOf(workflow, states, company) {
  const boxes = new Map();
  for (const { name, final } of states) {
    const said = words[workflow]._states[name];
    if (company && !said.for_company) continue;
    const same = [...boxes.values()].find((box) => box.label === said.label);
    if (company && same) boxes.set(name, same);
    else boxes.set(name, { name, final, label: same ? spaced(name) : said.label });
  }
  return boxes;
}

function arrowsOf(workflow, rows, boxes) {
  const arrows = new Map(); // "from to" → commands
  for (const row of rows) {
    const from = row.from === "start" ? "start" : boxes.get(row.from)?.name;
    const to = boxes.get(row.to)?.name;
    if (!from || !to || from === to) continue;
    const key = `${from} ${to}`;
    arrows.set(key, (arrows.get(key) ?? new Set()).add(row.command));
  }
  const sources = new Map(); // "command to" → states it leads from
  for (const [key, commands] of arrows)
    for (const command of commands) {
      const [from, to] = key.split(" ");
      sources.set(`${command} ${to}`, (sources.get(`${command} ${to}`) ?? new Set()).add(from));
    }
  for (const [key, states] of sources) {
    if (states.size < from_anywhere) continue;
    const [command, to] = key.split(" ");
    for (const from of states) {
      const commands = arrows.get(`${from} ${to}`);
      commands.delete(command);
      if (commands.size === 0) arrows.delete(`${from} ${to}`);
    }
    arrows.set(`anywhere ${to}`, (arrows.get(`anywhere ${to}`) ?? new Set()).add(command));
  }
  return [...arrows].map(([key, commands]) => {
    const [from, to] = key.split(" ");
    return { from, to, label: [...commands].map((command) => done[`${workflow}.${command}`] ?? command).join("\\n") };
  });
}

function dotOf(workflow, company) {
  const { states, rows } = tableOf(workflow);
  const boxes = boxesOf(workflow, states, company);
  const arrows = arrowsOf(workflow, rows, boxes);
  const lines = [
    "digraph states {",
    '  graph [rankdir=TB, nodesep=0.3, ranksep=0.45, bgcolor=transparent];',
    '  node [shape=box, style="rounded,filled", fillcolor=white, color="#565c65", fontname="Helvetica", fontsize=12, height=0.35, margin="0.12,0.05"];',
    '  edge [color="#71767a", fontcolor="#3d4551", fontname="Helvetica", fontsize=10, arrowsize=0.7];',
  ];
  if (arrows.some((arrow) => arrow.from === "start")) lines.push("  start [shape=point, width=0.12];");
  if (arrows.some((arrow) => arrow.from === "anywhere"))
    lines.push('  anywhere [label="Any open state", style="rounded,dashed"];');
  for (const box of new Set(boxes.values()))
    lines.push(`  ${box.name} [id="state-${box.name}", label="${box.label}"${box.final ? ", peripheries=2" : ""}];`);
  for (const { from, to, label } of arrows) lines.push(`  ${from} -> ${to} [label="${label}"];`);
  return `${lines.join("\n")}\n}\n`;
}

// Only the drawing: the page adds role, title and description. Tool tips would be read out one by one.
function drawn(dot) {
  const svg = execFileSync("dot", ["-Tsvg"], { input: dot, encoding: "utf8" });
  const box = svg.match(/viewBox="([^"]+)"/)[1];
  const width = svg.match(/width="(\d+)pt"/)[1];
  const body = svg
    .slice(svg.indexOf("<g "), svg.lastIndexOf("</svg>"))
    .replace(/<title>[^<]*<\/title>\n/g, "")
    .replace(/<!--[^>]*-->\n/g, "")
    .replaceAll("&#45;", "-");
  return { box, width, body };
}

const out = join(process.argv[2], "diagrams");
mkdirSync(out, { recursive: true });
for (const workflow of readdirSync("workflows").sort()) {
  if (!words[workflow]) continue;
  for (const company of [false, true]) {
    const { box, width, body } = drawn(dotOf(workflow, company));
    writeFileSync(join(out, `${workflow}${company ? ".company" : ""}.svg`), `${width} ${box}\n${body}`);
  }
}
