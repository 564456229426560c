#!/usr/bin/python3
"""Plays fourteen months of the programme through the one program, tradecase, in a sandbox database.

    tools/play_story.py --tradecase build/release/tradecase --out build/sandbox

Companies, staff and applicants act on a moved clock; mail goes to an SMTP server on loopback. The story checks itself as it goes:
where something comes out otherwise, it says what and ends with 1. The chapters stand in tools/story/, each a company's story that
yields the day on which it goes on.
"""
import argparse
import datetime
import pathlib
import sys
import time

from story import audits, filings, joining, measures, reviews
from story.ending import Mails, print_summary, verify, write_letters
from story.program import Differs, Program, check, same
from story.scene import STAFF, Scene

HOME = pathlib.Path(__file__).resolve().parent.parent
SAMPLE = HOME / "tools" / "sample"
FIRST, LAST = datetime.date(2026, 1, 5), datetime.date(2027, 3, 5)
CHAPTERS = joining.CHAPTERS + filings.CHAPTERS + measures.CHAPTERS + reviews.CHAPTERS + audits.CHAPTERS


class Progress:
    """A bar over the days on a terminal, otherwise a line a month."""

    def __init__(self, scene):
        self.scene, self.bar = scene, sys.stderr.isatty()
        self.month, self.before = None, (0, 0)

    def at(self, day):
        if self.bar:
            share = (day - FIRST) / (LAST - FIRST)
            sys.stderr.write(f"\r{day}  [{'#' * int(share * 40):.<40}]")
            sys.stderr.flush()
        elif (day.year, day.month) != (self.month and (self.month.year, self.month.month)):
            self.line()
            self.month = day

    def line(self):
        now = (self.scene.acts, self.scene.refusals)
        if self.month and not self.bar:
            acts, refusals = now[0] - self.before[0], now[1] - self.before[1]
            print(f"{self.month:%B %Y}: {acts} acts" + (f", {refusals} of them refused as meant" if refusals else ""), flush=True)
        self.before = now

    def end(self):
        self.line()
        if self.bar:
            sys.stderr.write("\n")


def prepare(scene, folder):
    """The sandbox with its staff, the sample roster, the sample entry lines and an applicant."""
    ask = scene.program.ask
    ask("init", "--sandbox", "--clock", FIRST)
    for email, name, role, title, phone in STAFF.values():
        ask("people", "add", "--email", email, "--name", name, "--role", role, "--title", title, "--phone", phone)
    report = ask("import", "members", SAMPLE / "members.csv")
    same("the roster: rows imported", report["imported"], len(scene.roster))
    for file in sorted(SAMPLE.glob("entries_*.csv")):
        report = ask("import", "entries", file, "--company", file.stem.partition("_")[2])
        check(report["imported"] > 0 and not report["errors"], f"{file.name}: {report['imported']} lines imported")
    row = joining.ROW
    ask("company", "add", "--id", joining.COMPANY, "--legal-name", row["legal_name"], "--tier", "III", "--officer-name",
        row["officer_name"], "--officer-email", row["officer_email"])
    for company in (joining.COMPANY, "HARBORLIGHT", "RIVERBEND"):
        ask("people", "add", "--email", scene.members[company]["contact_email"], "--name", scene.members[company]["contact_name"],
            "--role", "preparer", "--company", company)


def play(scene):
    """Each chapter goes on when its day has come; the clock stops at every such day."""
    progress = Progress(scene)
    waiting = []  # [day, number of the chapter, chapter]

    def go_on(number, chapter):
        day = next(chapter, None)
        if day is not None:
            day = datetime.date.fromisoformat(day)
            check(scene.today is None or day > scene.today, f"the chapter {chapter.__name__} goes from {scene.today} back to {day}")
            waiting.append([day, number, chapter])

    for number, chapter in enumerate(CHAPTERS):
        go_on(number, chapter(scene))
    while waiting:
        scene.today = min(day for day, _, _ in waiting)
        progress.at(scene.today)
        work(scene, scene.today)
        due = sorted(([day, number, chapter] for day, number, chapter in waiting if day == scene.today), key=lambda one: one[1])
        waiting[:] = [one for one in waiting if one[0] != scene.today]
        for _, number, chapter in due:
            go_on(number, chapter)
    scene.today = LAST
    progress.at(LAST)
    work(scene, LAST)
    progress.end()


def work(scene, day):
    report = scene.program.ask("work", "--until", day)
    trouble = {name: report[name] for name in ("timers_failed", "retried", "given_up", "unknown") if report[name]}
    check(not trouble, f"work --until {day} reports {trouble}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tradecase", type=pathlib.Path, required=True, metavar="BIN", help="the program")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="DIR", help="gets sandbox.db, mails and letters")
    options = parser.parse_args()
    binary, folder = options.tradecase.resolve(), options.out.resolve()
    if not binary.is_file():
        sys.exit(f"There is no program {binary}.")
    if (folder / "sandbox.db").exists():
        sys.exit(f"{folder} holds a story already. Choose another folder, or remove that one.")
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        with Mails(folder / "mails") as mails:
            scene = Scene(Program(binary, folder / "sandbox.db", mails.settings()), HOME, folder)
            prepare(scene, folder)
            play(scene)
            root = verify(scene)
            letters = write_letters(scene, folder / "letters")
            received = mails.compare(scene)
            print_summary(scene, letters, received, root, time.monotonic() - began)
            scene.program.close()
    except Differs as difference:
        sys.exit(f"\nThe story comes out otherwise. {difference}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
