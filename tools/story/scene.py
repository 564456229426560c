"""Where the chapters act: people by short names, cases by company and workflow, refusals on purpose."""
import csv
import json

from story import joining
from story.answers import Forms
from story.program import Differs, check, same

STAFF = {  # short name: e-mail address, name, role, title, telephone number
    "paul": ("paul.reyes@cbp.example", "Paul Reyes", "nam", "National Account Manager", "(202) 555-0141"),
    "nora": ("nora.lind@cbp.example", "Nora Lind", "nam", "National Account Manager", "(202) 555-0142"),
    "sumi": ("sumi.adler@cbp.example", "Sumi Adler", "supervisor", "Supervisory National Account Manager", "(202) 555-0150"),
    "tess": ("tess.okafor@cbp.example", "Tess Okafor", "compliance", "International Trade Specialist", "(202) 555-0161"),
    "ivan": ("ivan.brook@cbp.example", "Ivan Brook", "compliance", "International Trade Specialist", "(202) 555-0162"),
    "auda": ("auda.finch@cbp.example", "Auda Finch", "auditor", "Auditor, Regulatory Audit", "(202) 555-0171"),
    "marc": ("marc.doyle@cbp.example", "Marc Doyle", "auditor", "Auditor, Regulatory Audit", "(202) 555-0172"),
    "abel": ("abel.strand@cbp.example", "Abel Strand", "appeals", "Appeals Officer", "(202) 555-0180"),
    "odil": ("odil.marsh@cbp.example", "Odil Marsh", "admin", "System Administrator", "(202) 555-0190"),
}


class Scene:
    def __init__(self, program, home, folder):
        self.program, self.folder = program, folder
        self.forms = Forms(home)
        with open(home / "tools" / "sample" / "members.csv", encoding="utf-8-sig", newline="") as file:
            self.roster = list(csv.DictReader(file))
        self.members = {row["company_id"]: row for row in [*self.roster, joining.ROW]}
        self.today = None  # set by the player
        self.acts = self.refusals = 0
        self.known = {}  # (company, workflow, cycle): case

    # ---- who and which

    def email(self, who, company):
        """Of a short name: "officer", "preparer", or somebody of the staff."""
        row = self.members[company]
        return {"officer": row["officer_email"], "preparer": row["contact_email"]}.get(who) or STAFF[who][0]

    def signature(self, company):
        return self.members[company]["officer_name"]

    def case(self, company, workflow, cycle=None):
        """The company's case of that workflow: the one of that cycle, otherwise the latest."""
        if (company, workflow, cycle) not in self.known:
            rows = [row for row in self.program.ask("case", "list", "--company", company, "--workflow", workflow)
                    if cycle in (None, row["cycle"])]
            of_cycle = "" if cycle is None else f" of cycle {cycle}"
            check(rows, f"{self.today}: {company} has no case of {workflow}{of_cycle}")
            self.known[company, workflow, cycle] = rows[-1]["case"]
        return self.known[company, workflow, cycle]

    def show(self, company, workflow, cycle=None):
        return self.program.ask("case", "show", self.case(company, workflow, cycle))

    # ---- acts

    def key(self):
        self.acts += 1
        return f"story-{self.acts:04d}"

    def words(self, company, target, command, who, cycle):
        """The call, and the case where it goes to one."""
        if target.startswith("open "):
            return ["case", "open", target[5:], command, "--company", company, "--as", self.email(who, company)], None
        case = self.case(company, target, cycle)
        return ["case", "send", case, command, "--as", self.email(who, company)], case

    def act(self, company, target, command, who, body=None, *, cycle=None, now=None, key=None, more=()):
        """An act that must succeed; `now` is the state it must lead to. The receipt."""
        words, case = self.words(company, target, command, who, cycle)
        words += ["--key", key or self.key(), *more] + (["--body", "-"] if body is not None else [])
        code, answer, complaint = self.program.start(*words, body=body)
        if code != 0:
            raise Differs(f"{self.today}, {company}: tradecase {' '.join(map(str, words))}\nwith the body {json.dumps(body or {})}\n"
                          f"was refused ({code}): {complaint}\n\n" + (self.program.shown(case) if case else ""))
        if now is not None:
            same(f"{self.today}, {company}: the state after {command}", answer["state"], now)
        return answer

    def approved_letter(self, company, target, letter, writer, approver, body, now):
        """Written of the standard paragraphs, approved by somebody else, and sent as it was approved."""
        case = self.case(company, target)
        self.refused(company, target, {"audit_request": "request_records", "survey_documents_request": "request_documents"}[letter],
                     writer, body, code="guard", says="a second person must approve the letter first")
        words = ["letter", "fix", case, letter, "--as", self.email(writer, company), "--key", self.key(), "--body", "-"]
        code, fixed, complaint = self.program.start(*words, body=body)
        check(code == 0, f"{self.today}, {company}: {letter} cannot be fixed: {complaint}")
        self.refused(company, target, "approve_letter", writer, {"hash": fixed["hash"]}, code="guard", says="somebody other than who wrote it")
        self.act(company, target, "approve_letter", approver, {"hash": fixed["hash"]})
        sent = self.program.ask("letter", "send", case, letter, "--as", self.email(writer, company), "--key", self.key())
        same(f"{self.today}, {company}: the state after the letter {letter}", sent["state"], now)
        hashes = [one["hash"] for one in self.program.ask("letters", case) if one["letter"] == letter]
        check(fixed["hash"] in hashes, f"{self.today}, {company}: the {letter} that went out is not the one that was approved")

    def refused(self, company, target, command, who, body=None, *, code, says, cycle=None, key=None, more=()):
        """An act that must be refused with that code, in words that hold `says`."""
        words, _ = self.words(company, target, command, who, cycle)
        words += ["--key", key or self.key(), *more] + (["--body", "-"] if body is not None else [])
        exit_code, answer, complaint = self.program.start(*words, body=body)
        check(exit_code != 0, f"{self.today}, {company}: {command} by {who} was to be refused ({code}), and was done")
        same(f"{self.today}, {company}: the refusal of {command} by {who} ({complaint})", answer["error"]["code"], code)
        check(says.lower() in complaint.lower(),
              f"{self.today}, {company}: {command} by {who} was refused in other words than \"{says}\": {complaint}")
        self.refusals += 1

    def replies(self, company, form, questions, corrected):
        """To each question asked: what is on file is confirmed or corrected, the rest answered as far as it applies."""
        said = []
        for asked in questions:
            name = asked["question"]
            given = self.forms.answers(form, asked["section"], self.members[company], self.today)
            if name in corrected:
                said.append({"question": name, "value": corrected[name]})
            elif asked["on_file"] and not asked["asked_again_because"]:
                said.append({"question": name, "confirm": True})
            elif name in given:
                said.append({"question": name, "value": given[name]})
        return {"answers": said, "signature": self.signature(company)}

    # ---- what has come of it

    def stands(self, company, workflow, state, cycle=None):
        same(f"{self.today}, {company}: the state of its {workflow}", self.show(company, workflow, cycle)["state"], state)

    def letters(self, company, workflow, cycle=None):
        return [letter["letter"] for letter in self.program.ask("letters", self.case(company, workflow, cycle))]

    def has_letters(self, company, workflow, names, cycle=None):
        written = self.letters(company, workflow, cycle)
        missing = [name for name in names if name not in written]
        check(not missing, f"{self.today}, {company}: {workflow} lacks the letters {missing}; it has {written}")

    def date(self, company, workflow, name, cycle=None):
        """The deadline of that name with what it superseded."""
        for entry in self.program.ask("dates", self.case(company, workflow, cycle)):
            if entry["name"] == name:
                return entry
        raise Differs(f"{self.today}, {company}: {workflow} has no deadline \"{name}\"")

    def facts(self, company):
        return {fact["key"]: fact for fact in self.program.ask("facts", company)}
