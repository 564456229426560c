"""The one program, and the checks of the story."""
import json
import os
import subprocess


class Differs(Exception):
    """Something came out otherwise than the story tells; the text names it."""


class Program:
    """tradecase on one database. Every call is one verb of the command line, given to one "tradecase batch"."""

    def __init__(self, binary, database, settings):
        self.binary, self.database = str(binary), str(database)
        ours = {key: value for key, value in os.environ.items() if not key.startswith("TRADECASE_") or key == "TRADECASE_HOME"}
        self.batch = subprocess.Popen([self.binary, "batch"], env=ours | settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self):
        self.batch.stdin.close()
        if self.batch.wait() != 0:
            raise Differs(f"tradecase batch ended with {self.batch.returncode}")

    def said(self, words, body):
        line = {"words": [*map(str, words), "--db", self.database]}
        if body is not None:
            line["input"] = json.dumps(body)
        self.batch.stdin.write(json.dumps(line) + "\n")
        self.batch.stdin.flush()
        answer = self.batch.stdout.readline()
        if not answer:
            raise Differs(f"tradecase batch ended at: {' '.join(line['words'])}")
        return json.loads(answer)

    def start(self, *words, body=None):
        """Exit code, JSON answer, what stood on standard error."""
        said = self.said([*words, "--json"], body)
        try:
            answer = json.loads(said["out"]) if said["out"].strip() else {}
        except ValueError:
            raise Differs(f"no JSON came from: {' '.join(map(str, words))}\n{said['out']}{said['err']}") from None
        return said["exit"], answer, said["err"].strip()

    def ask(self, *words):
        """The answer of a call that must succeed."""
        code, answer, complaint = self.start(*words)
        if code != 0:
            raise Differs(f"tradecase {' '.join(map(str, words))}\nended with {code}: {complaint}\n{json.dumps(answer)[:2000]}")
        return answer

    def shown(self, case):
        """What "case show" prints for people, for a complaint."""
        said = self.said(["case", "show", case], None)
        return said["out"] + said["err"]


def check(holds, sentence):
    if not holds:
        raise Differs(sentence)


def same(what, got, expected):
    check(got == expected, f"{what} is {got!r}; the story says {expected!r}")
