// The program under test, serving on loopback until stop(): a copy of the sandbox, or a database of the test's own.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = process.env.TRADECASE_PROGRAM;
const sandbox = process.env.TRADECASE_SANDBOX;

// What the program answers on the command line.
export function run(...words) {
  return runWith("", ...words);
}

export function runWith(input, ...words) {
  return execFileSync(program, words, { input, encoding: "utf8", maxBuffer: 1 << 26 });
}

export function newFolder() {
  if (!program || !sandbox) throw new Error("run these tests by tests/browser/run PROGRAM SANDBOX-DATABASE");
  return mkdtempSync(join(tmpdir(), "tradecase-browser-"));
}

function copyOfSandbox(folder) {
  const copy = join(folder, "sandbox.db");
  for (const part of ["", "-wal"]) if (existsSync(sandbox + part)) copyFileSync(sandbox + part, copy + part);
  return copy;
}

async function addressOf(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const found = /^Portal: (http:\/\/\S+?)\/?$/.exec(line);
    if (found) return found[1];
  }
  throw new Error("the program ended before it said its address");
}

// Serves a database at a port, 0: any free one. `options`: more of the verb serve.
export async function serve(database, port = 0, ...options) {
  const server = spawn(program, ["serve", "--db", database, "--port", String(port), ...options], { stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const complaints = createInterface({ input: server.stderr });
  complaints.on("line", (line) => said.push(line));
  const ended = once(server, "exit");
  let origin;
  try {
    origin = await addressOf(server);
  } catch (failure) {
    server.kill("SIGKILL");
    throw new Error([failure.message, ...said].join("\n"));
  }
  server.stdout.resume();

  return {
    origin,
    log: () => said.join("\n"),
    // The line of the log about a request, once it is there.
    async lineAbout(request) {
      for (;;) {
        const found = said.find((line) => line.includes(`"request":"${request}"`));
        if (found) return JSON.parse(found);
        await once(complaints, "line");
      }
    },
    ask: (...words) => JSON.parse(run(...words, "--db", database, "--json")),
    async stop() {
      server.kill("SIGTERM");
      const patience = setTimeout(() => server.kill("SIGKILL"), 15_000);
      const [code, signal] = await ended;
      clearTimeout(patience);
      if (code !== 0) throw new Error([`the program ended with ${code ?? signal}`, ...said].join("\n"));
    },
  };
}

export async function startProgram() {
  const folder = newFolder();
  const served = await serve(copyOfSandbox(folder));
  return {
    ...served,
    async stop() {
      await served.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
