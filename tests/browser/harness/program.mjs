// The program under test, serving a copy of the sandbox on loopback until stop().
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = process.env.TRADECASE_PROGRAM;
const sandbox = process.env.TRADECASE_SANDBOX;

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

export async function startProgram() {
  if (!program || !sandbox) throw new Error("run these tests by tests/browser/run PROGRAM SANDBOX-DATABASE");
  const folder = mkdtempSync(join(tmpdir(), "tradecase-browser-"));
  const database = copyOfSandbox(folder);
  const server = spawn(program, ["serve", "--db", database, "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  server.stderr.on("data", (bytes) => { said += bytes; });
  const ended = once(server, "exit");
  let origin;
  try {
    origin = await addressOf(server);
  } catch (failure) {
    server.kill("SIGKILL");
    throw new Error(`${failure.message}\n${said}`);
  }
  server.stdout.resume();

  return {
    origin,
    log: () => said,
    // What the program answers on the command line about the same database.
    ask: (...words) =>
      JSON.parse(execFileSync(program, [...words, "--db", database, "--json"], { encoding: "utf8", maxBuffer: 1 << 26 })),
    async stop() {
      server.kill("SIGTERM");
      const patience = setTimeout(() => server.kill("SIGKILL"), 15_000);
      const [code, signal] = await ended;
      clearTimeout(patience);
      rmSync(folder, { recursive: true, force: true });
      if (code !== 0) throw new Error(`the program ended with ${code ?? signal}\n${said}`);
    },
  };
}
