"""What the story leaves: mails, letters as files, the verified record, a line a company."""
import email
import pathlib
import shlex
import subprocess
import sys

from story.program import check, same

SINK = pathlib.Path(__file__).resolve().parent.parent / "mail_sink.py"


class Mails:
    """The SMTP server on loopback while the story plays; each mail it takes is a file."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        self.sink = subprocess.Popen([sys.executable, str(SINK), "--out", str(self.folder)], stdout=subprocess.PIPE, text=True)
        self.port = self.sink.stdout.readline().strip()
        check(self.port.isdigit(), "the SMTP server on loopback did not begin (Debian: python3-aiosmtpd)")
        return self

    def __exit__(self, *_):
        self.sink.terminate()
        self.sink.wait()
        self.sink.stdout.close()

    def settings(self):
        return {"TRADECASE_MAIL_TRANSPORT": "smtp", "TRADECASE_MAIL_HOST": "127.0.0.1", "TRADECASE_MAIL_PORT": self.port}

    def compare(self, scene):
        """How many mails arrived, by company: each mail of the outbox once, and nothing else."""
        outbox = scene.program.ask("outbox", "list", "--limit", 1000000)
        unsent = [row for row in outbox if row["status"] != "sent"]
        check(not unsent, f"{len(unsent)} mails were not sent, the first: {unsent[:1]}")
        arrived = sorted(message_id(file) for file in self.folder.glob("*.eml"))
        same("the Message-IDs that arrived", arrived, sorted(row["message_id"].strip("<>") for row in outbox))
        company_of = {row["case"]: row["company"] for row in scene.program.ask("case", "list")}
        received = {}
        for row in outbox:
            company = company_of[row["case"]]
            received[company] = received.get(company, 0) + 1
        return received


def message_id(file):
    with open(file, "rb") as opened:
        return email.message_from_binary_file(opened)["Message-ID"].strip().strip("<>")


def verify(scene):
    code, report, complaint = scene.program.start("verify")
    broken = "\n".join(f"{one['invariant']} {one['case']}: {one['detail']}" for one in report.get("violations", [])[:20])
    check(code == 0 and not report["violations"], f"verify ended with {code} {complaint}\n{broken}")
    return report["root"]


def write_letters(scene, folder):
    """COMPANY/NNN-letter.html and .txt, in the order written. How many, by company."""
    cases = scene.program.ask("case", "list")
    by_company = {}
    for row in cases:
        by_company.setdefault(row["company"], []).extend(scene.program.ask("letters", row["case"]))
    for company, letters in by_company.items():
        (folder / company).mkdir(parents=True, exist_ok=True)
        for number, letter in enumerate(sorted(letters, key=lambda one: one["at"]), 1):
            path = folder / company / f"{number:03d}-{letter['letter']}"
            shown = scene.program.ask("letter", "show", letter["hash"])
            path.with_suffix(".html").write_text(shown["html"], encoding="utf-8")
            path.with_suffix(".txt").write_text(shown["text"], encoding="utf-8")
    return {company: len(letters) for company, letters in by_company.items()}


def print_summary(scene, letters, received, root, seconds):
    cases = scene.program.ask("case", "list")
    print(f"\n{'company':12} {'next due':10} {'letters':>7} {'mails':>5}  cases")
    for company in scene.members:
        rows = [row for row in cases if row["company"] == company]
        due = min((row["due_on"] for row in rows if row["open"] and row["due_on"]), default="-")
        print(f"{company:12} {due:10} {letters[company]:7} {received.get(company, 0):5}  {', '.join(map(state, rows))}")
    binary, database = shlex.quote(scene.program.binary), shlex.quote(scene.program.database)
    open_case = scene.case("CEDARFALL", "annual_notification", 6)
    print(f"\n{scene.acts} acts, {scene.refusals} of them refused as meant; {sum(letters.values())} letters, "
          f"{sum(received.values())} mails, all received; {len(cases)} cases; {seconds:.0f} seconds.\n"
          f"The record is whole; its root is {root}.\n"
          f"Letters: {scene.folder / 'letters'} (COMPANY/NNN-letter.html and .txt)\n"
          f"Mails:   {scene.folder / 'mails'} (as the SMTP server received them)\n\nTry:")
    for words in (f"case list --due-before 2027-06-01 --db {database}",
                  f"case show {open_case} --as {scene.email('officer', 'CEDARFALL')} --db {database}",
                  f"dates {scene.case('BLUEMESA', 'annual_notification', 7)} --db {database}",
                  f"case history {scene.case('QUILLSTONE', 'membership')} --db {database}", f"work --until 2027-06-01 --db {database}"):
        print(f"  {binary} {words}")


def state(row):
    cycle = f" {row['cycle']}" if row["cycle"] else ""
    return f"{row['workflow'].replace('_', ' ')}{cycle}: {row['state'].replace('_', ' ')}"
