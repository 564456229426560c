"""The year's annual notification letters: on time, unchanged, returned, extended, read by a delegate, countersigned."""
from story.program import check, same

ANL = "annual_notification"
CHECKLIST = ["certification_signed_by_an_officer", "contacts_current", "personnel_changes_read", "organizational_changes_read",
             "import_activity_compared_with_entry_data", "risk_assessment_read", "self_testing_results_read",
             "corrective_actions_followed_up", "amendments_and_disclosures_compared", "forced_labor_section_read", "training_read",
             "open_points_of_last_year_settled"]
FACTORS = ["import_volume_and_value", "product_complexity", "countries_of_origin", "trade_remedies", "preferential_programs",
           "forced_labor_exposure", "organizational_change", "broker_oversight", "self_testing_results", "compliance_history"]


def save(scene, company, cycle, section, who="officer", **said):
    scene.act(company, ANL, "save", who, {"section": section, "form_version": 1} | said, cycle=cycle)


def answer_section(scene, company, cycle, section, who="officer", **corrected):
    values = scene.forms.answers("anl", section, scene.members[company], scene.today) | corrected
    save(scene, company, cycle, section, who, change="changed", values=values)


def draft(scene, company, cycle, unchanged="", who="officer"):
    """Every section answered; those in `unchanged` by one act."""
    for section in "ABCDEFGHIJK":
        if section in unchanged:
            save(scene, company, cycle, section, who, change="no_change")
        else:
            answer_section(scene, company, cycle, section, who)


def submit(scene, company, cycle, command="submit"):
    scene.act(company, ANL, command, "officer", {"signature": scene.signature(company)}, cycle=cycle, now="submitted")


def take(scene, company, cycle, nam):
    scene.act(company, ANL, "take", nam, cycle=cycle, now="under_review")


def review(medium=(), high=(), note=None):
    body = {"checklist": {point: {"confirmed": True} for point in CHECKLIST},
            "risks": {factor: "high" if factor in high else "medium" if factor in medium else "low" for factor in FACTORS}}
    return body if note is None else body | {"note": note}


def accept(scene, company, cycle, nam):
    scene.act(company, ANL, "accept", nam, review(medium=["countries_of_origin"]), cycle=cycle, now="accepted")
    check("anl.certification.officer" in scene.facts(company), f"{company}: the accepted letter left no facts on file")


def on_time(company, cycle, nam, due_on, filed_on, accepted_on):
    """A letter filed and accepted without a word: filed in the morning, taken the same day."""

    def chapter(scene):
        yield filed_on
        same(f"{company}: the due day of cycle {cycle}", scene.date(company, ANL, "due", cycle)["due_on"], due_on)
        draft(scene, company, cycle)
        submit(scene, company, cycle)
        take(scene, company, cycle, nam)
        yield accepted_on
        accept(scene, company, cycle, nam)

    return chapter


def harborlight(scene):
    """An ISA legacy member: its dates count from the day on which ISA accepted it, in 2009."""
    yield "2026-01-05"
    carried = scene.program.ask("company", "show", "HARBORLIGHT")
    same("HARBORLIGHT: the program", carried["program"], "ISA")
    same("HARBORLIGHT: the acceptance date", carried["acceptance_date"], "2009-03-16")
    due = scene.date("HARBORLIGHT", ANL, "due", 17)
    same("HARBORLIGHT: the due day of cycle 17", due["due_on"], "2026-04-16")
    check("2009-03-16" in str(due["inputs"]), f"HARBORLIGHT: its due day does not count from 2009-03-16 but from {due['inputs']}")
    yield "2026-03-30"
    draft(scene, "HARBORLIGHT", 17, who="preparer")
    scene.refused("HARBORLIGHT", ANL, "submit", "preparer", {"signature": "Milo Tansy"}, cycle=17, code="forbidden", says="officer")
    yield "2026-04-07"
    submit(scene, "HARBORLIGHT", 17)
    read = scene.show("HARBORLIGHT", ANL, 17)["version"]
    take(scene, "HARBORLIGHT", 17, "paul")
    scene.refused("HARBORLIGHT", ANL, "accept", "paul", review(), cycle=17, code="conflict", says="take",
                  more=("--expect-version", read))
    yield "2026-04-14"
    accept(scene, "HARBORLIGHT", 17, "paul")


def riverbend(scene):
    """Its first letter is open on the first day; in the next year eight of eleven sections have not changed."""
    yield "2026-01-08"
    scene.refused("RIVERBEND", ANL, "save", "officer", {"section": "B", "form_version": 1, "change": "no_change"}, cycle=1,
                  code="guard", says="no change")  # nothing is on file yet
    draft(scene, "RIVERBEND", 1)
    key = "riverbend-files"
    signed = {"signature": scene.signature("RIVERBEND")}
    first = scene.act("RIVERBEND", ANL, "submit", "officer", signed, cycle=1, key=key)
    again = scene.act("RIVERBEND", ANL, "submit", "officer", signed, cycle=1, key=key)
    same("RIVERBEND: the answer to the same act said twice", again, first)
    scene.refused("RIVERBEND", ANL, "submit", "officer", {"signature": "Somebody Else"}, cycle=1, code="key_reused", says="key", key=key)
    scene.refused("RIVERBEND", ANL, "take", "paul", cycle=1, code="forbidden", says="National Account Manager")  # it is Nora's account
    take(scene, "RIVERBEND", 1, "nora")
    yield "2026-01-15"
    accept(scene, "RIVERBEND", 1, "nora")
    yield "2027-01-06"
    draft(scene, "RIVERBEND", 2, unchanged="BCDEHIJK", who="preparer")
    sections = scene.show("RIVERBEND", ANL, 2)["data"]["sections"]
    unchanged = [name for name, section in sections.items() if section["status"] == "no_change"]
    same("RIVERBEND: the sections with \"no change\"", (len(unchanged), len(sections)), (8, 11))
    submit(scene, "RIVERBEND", 2)
    take(scene, "RIVERBEND", 2, "nora")
    yield "2027-01-14"
    accept(scene, "RIVERBEND", 2, "nora")


def cedarfall(scene):
    """Returned with a question on self-testing, answered, accepted."""
    yield "2026-02-20"
    draft(scene, "CEDARFALL", 5)
    submit(scene, "CEDARFALL", 5)
    take(scene, "CEDARFALL", 5, "paul")
    yield "2026-02-27"
    question = "You found two errors in 120 lines. Which entries were they, and were they corrected?"
    scene.act("CEDARFALL", ANL, "return_for_changes", "paul", {"questions": [{"section": "G", "question": question}]}, cycle=5,
              now="returned")
    answer = scene.date("CEDARFALL", ANL, "due", 5)
    same("CEDARFALL: the day for its answer, thirty days on and rolled off a Sunday", answer["due_on"], "2026-03-30")
    same("CEDARFALL: the due day that the return took over from", answer["superseded"][-1]["due_on"], "2026-03-09")
    yield "2026-03-18"
    scene.refused("CEDARFALL", ANL, "save", "officer", {"section": "B", "form_version": 1, "change": "changed"}, cycle=5, code="guard",
                  says="was not returned")
    corrected = "Two lines whose quantity was mistyped, in entries of May and June; both were corrected by post-summary correction."
    save(scene, "CEDARFALL", 5, "G", change="changed", values={"test_results": corrected},
         reply="Both entries are named in the results now; the corrections were accepted.")
    submit(scene, "CEDARFALL", 5, "resubmit")
    take(scene, "CEDARFALL", 5, "paul")
    yield "2026-03-23"
    accept(scene, "CEDARFALL", 5, "paul")
    scene.has_letters("CEDARFALL", ANL, ["anl_window_open", "anl_return", "anl_receipt", "anl_acceptance"], 5)
    same("CEDARFALL: what is on file of its tests", scene.facts("CEDARFALL")["test.results.summary"]["value"], corrected)


def bluemesa(scene):
    """Sixty more days, which only a supervisor grants; read by a delegate while its National Account Manager is away."""
    yield "2026-06-15"
    asked = {"days": 60, "reason": "Our importer numbers move to a new company on July 1."}
    scene.act("BLUEMESA", ANL, "request_extension", "officer", asked, cycle=7)
    yield "2026-06-17"
    granted = {"reason": "The reorganization is announced and ends before the new day."}
    scene.refused("BLUEMESA", ANL, "grant_extension", "nora", granted, cycle=7, code="guard", says="supervisor")
    scene.act("BLUEMESA", ANL, "grant_extension", "sumi", granted, cycle=7)
    due = scene.date("BLUEMESA", ANL, "due", 7)
    same("BLUEMESA: the extended due day", due["due_on"], "2026-08-21")
    same("BLUEMESA: the due days before the extension", [one["due_on"] for one in due["superseded"]], ["2026-06-22"])
    yield "2026-08-03"
    scene.program.ask("people", "absent", scene.email("nora", "BLUEMESA"), "--from", "2026-08-10", "--to", "2026-08-28", "--delegate",
                      scene.email("paul", "BLUEMESA"))
    yield "2026-08-12"
    draft(scene, "BLUEMESA", 7)
    submit(scene, "BLUEMESA", 7)
    yield "2026-08-14"
    take(scene, "BLUEMESA", 7, "paul")
    yield "2026-08-19"
    accept(scene, "BLUEMESA", 7, "paul")
    last = scene.program.ask("case", "history", scene.case("BLUEMESA", ANL, 7))[-1]
    same("BLUEMESA: who accepted", last["who"], "Paul Reyes")
    check(last.get("beside", {}).get("on_behalf_of"), "BLUEMESA: the history does not say on whose behalf Paul Reyes accepted")
    yield "2026-08-20"
    next_year = scene.date("BLUEMESA", ANL, "due", 8)
    same("BLUEMESA: next year's due day, whatever was granted this year", next_year["due_on"], "2027-06-21")
    same("BLUEMESA: what next year's due day superseded", next_year["superseded"], [])
    scene.has_letters("BLUEMESA", ANL, ["anl_extension_granted", "anl_reminder", "anl_acceptance"], 7)


def osprey(scene):
    """After its survey and audit a risk is rated high: the supervisor countersigns."""
    yield "2026-11-18"
    draft(scene, "OSPREY", 10)
    submit(scene, "OSPREY", 10)
    take(scene, "OSPREY", 10, "nora")
    yield "2026-11-25"
    high = review(high=["forced_labor_exposure"], note="The audit of this year is not closed.")
    scene.act("OSPREY", ANL, "accept", "nora", high, cycle=10, now="countersign_pending")
    yield "2026-12-01"
    scene.refused("OSPREY", ANL, "countersign", "nora", cycle=10, code="forbidden", says="supervisor")
    scene.act("OSPREY", ANL, "countersign", "sumi", cycle=10, now="accepted")


CHAPTERS = [
    harborlight, riverbend, cedarfall, bluemesa, osprey,
    on_time("MERIDIAN", 4, "nora", "2026-03-16", "2026-02-25", "2026-03-03"),
    on_time("SILVERFERN", 8, "paul", "2026-05-11", "2026-05-04", "2026-05-12"),
    on_time("GRANITEBAY", 11, "nora", "2026-07-30", "2026-07-15", "2026-07-24"),
    on_time("NORTHPIER", 9, "paul", "2026-08-04", "2026-07-20", "2026-07-28"),
    on_time("TAMARACK", 9, "paul", "2026-10-13", "2026-09-28", "2026-10-06"),
    on_time("LARKSPUR", 3, "paul", "2026-11-05", "2026-10-20", "2026-10-29"),
]
