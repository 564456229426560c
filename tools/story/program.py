"""The one program, started once an act, and the checks of the story."""
import json
import os
import subprocess


class Differs(Exception):
    """Something came out otherwise than the story tells; the text names it."""


class Program:
    """tradecase on one database. Every call is one start of the program with --json."""

    def __init__(self, binary, database, settings):
        self.binary, self.database = str(binary), str(database)
        ours = {key: value for key, value in os.environ.items() if not key.startswith("TRADECASE_") or key == "TRADECASE_HOME"}
        self.environment = ours | settings
        self.starts = 0

    def start(self, *words, body=None):
        """Exit code, JSON answer, what stood on standard error."""
        self.starts += 1
        said = subprocess.run([self.binary, *map(str, words), "--db", self.database, "--json"], env=self.environment,
                              input=None if body is None else json.dumps(body), capture_output=True, text=True, check=False)
        try:
            answer = json.loads(said.stdout) if said.stdout.strip() else {}
        except ValueError:
            raise Differs(f"no JSON came from: {' '.join(map(str, words))}\n{said.stdout}{said.stderr}") from None
        return said.returncode, answer, said.stderr.strip()

    def ask(self, *words):
        """The answer of a call that must succeed."""
        code, answer, complaint = self.start(*words)
        if code != 0:
            raise Differs(f"tradecase {' '.join(map(str, words))}\nended with {code}: {complaint}\n{json.dumps(answer)[:2000]}")
        return answer

    def shown(self, case):
        """What "case show" prints for people, for a complaint."""
        said = subprocess.run([self.binary, "case", "show", case, "--db", self.database], env=self.environment, capture_output=True,
                              text=True, check=False)
        return said.stdout + said.stderr


def check(holds, sentence):
    if not holds:
        raise Differs(sentence)


def same(what, got, expected):
    check(got == expected, f"{what} is {got!r}; the story says {expected!r}")
