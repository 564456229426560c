"""Suspension: of a late member up to its reinstatement, of one that appeals, and one proposed and dropped."""
import csv

from story.filings import ANL, accept, draft, submit, take
from story.program import check, same

MEMBERSHIP = "membership"


def quillstone(scene):
    """Files nothing, climbs the whole ladder, is suspended, files, shows a plan, and is reinstated."""
    yield "2026-03-03"
    same("QUILLSTONE: the due day", scene.date("QUILLSTONE", ANL, "due", 6)["due_on"], "2026-03-02")
    scene.stands("QUILLSTONE", ANL, "overdue", 6)
    yield "2026-05-01"
    scene.has_letters("QUILLSTONE", ANL, ["anl_window_open", "anl_reminder", "anl_overdue", "anl_second_notice", "anl_formal_notice"], 6)
    for step, day in (("+1", "2026-03-03"), ("+15", "2026-03-17"), ("+30", "2026-04-01"), ("+60", "2026-05-01")):
        same(f"QUILLSTONE: step {step} of the ladder", scene.date("QUILLSTONE", ANL, f"ladder:{step}", 6)["due_on"], day)
    scene.stands("QUILLSTONE", MEMBERSHIP, "suspension_proposed")
    yield "2026-06-08"
    scene.act("QUILLSTONE", MEMBERSHIP, "suspend", "tess", now="suspended")
    yield "2026-06-22"  # a suspended member goes on filing
    draft(scene, "QUILLSTONE", 6)
    submit(scene, "QUILLSTONE", 6)
    take(scene, "QUILLSTONE", 6, "nora")
    same("QUILLSTONE: filed in time", scene.show("QUILLSTONE", ANL, 6)["data"]["filed_in_time"], False)
    yield "2026-07-01"
    accept(scene, "QUILLSTONE", 6, "nora")
    yield "2026-07-06"
    objectives = [{"objective": "Two people, not one, watch the yearly dates.", "due_on": "2026-07-31"},
                  {"objective": "The annual notification letter is drafted in the first week of its window.", "due_on": "2027-02-08"}]
    plan = {"objectives": objectives, "signature": scene.signature("QUILLSTONE")}
    scene.act("QUILLSTONE", MEMBERSHIP, "submit_action_plan", "officer", plan, now="reinstatement_review")
    yield "2026-07-20"
    conditions = {"conditions": ["The letter of 2027 is filed before its due day."]}
    scene.refused("QUILLSTONE", MEMBERSHIP, "reinstate", "tess", conditions, code="guard", says="may not reinstate")
    scene.act("QUILLSTONE", MEMBERSHIP, "reinstate", "ivan", conditions, now="active")
    scene.has_letters("QUILLSTONE", MEMBERSHIP,
                      ["suspension_proposed", "suspension_effected", "reinstatement_plan_request", "reinstatement"])
    yield "2027-02-18"
    draft(scene, "QUILLSTONE", 7, unchanged="BCDEHIJK")
    submit(scene, "QUILLSTONE", 7)
    same("QUILLSTONE: filed in time a year later", scene.show("QUILLSTONE", ANL, 7)["data"]["filed_in_time"], True)
    take(scene, "QUILLSTONE", 7, "nora")
    yield "2027-02-24"
    accept(scene, "QUILLSTONE", 7, "nora")


def tamarack(scene):
    """Suspended for what turns out to be another company's entries: the appeal reverses it."""
    yield "2026-03-04"
    reason = {"reason_code": "noncompliance", "reason": "Fourteen entries of 2025 claim a preference without a certificate of origin."}
    scene.act("TAMARACK", MEMBERSHIP, "propose_suspension", "ivan", reason, now="suspension_proposed")
    yield "2026-03-20"
    scene.act("TAMARACK", MEMBERSHIP, "respond", "officer",
              {"answer": "The fourteen entries are not ours. We ask you to compare the importer numbers."})
    yield "2026-04-06"
    scene.refused("TAMARACK", MEMBERSHIP, "suspend", "ivan", code="guard", says="whoever proposed")
    scene.act("TAMARACK", MEMBERSHIP, "suspend", "tess", now="suspended")
    yield "2026-04-27"
    grounds = "The entries were filed under 49-1000050AA, a company that we sold in 2021. The bill of sale is enclosed."
    scene.act("TAMARACK", MEMBERSHIP, "appeal", "officer", {"grounds": grounds, "signature": scene.signature("TAMARACK")},
              now="appeal_pending")
    same("TAMARACK: the day for the decision, 180 days that do not move",
         scene.date("TAMARACK", MEMBERSHIP, "appeal_decision_due")["due_on"], "2026-10-24")
    yield "2026-06-10"
    decision = {"outcome": "reversed", "reasons": ["The entries were filed under a number that is not the member's."],
                "effect": "The suspension is lifted and counts as never ordered."}
    scene.refused("TAMARACK", MEMBERSHIP, "decide_appeal", "tess", decision, code="forbidden", says="appeals")
    scene.act("TAMARACK", MEMBERSHIP, "decide_appeal", "abel", decision, now="active")
    scene.has_letters("TAMARACK", MEMBERSHIP, ["suspension_proposed", "suspension_effected", "appeal_received", "appeal_decision"])


def import_roster(scene, name, **changed):
    """The roster again with LARKSPUR's row changed: the other rows change nothing."""
    rows = [row | (changed if row["company_id"] == "LARKSPUR" else {}) for row in scene.roster]
    file = scene.folder / name
    with open(file, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = scene.program.ask("import", "members", file)
    same(f"{name}: imported, changed, unchanged", (report["imported"], report["changed"], report["unchanged"]), (0, 1, len(rows) - 1))


def larkspur(scene):
    """Its security tier falls to I in the roster of July; suspension is proposed at once, and dropped when the tier is back."""
    yield "2026-07-13"
    import_roster(scene, "roster_2026-07.csv", security_tier="I")
    scene.stands("LARKSPUR", MEMBERSHIP, "suspension_proposed")
    yield "2026-07-27"
    scene.act("LARKSPUR", MEMBERSHIP, "respond", "officer", {"answer": "The validation of our new warehouse is on August 3."})
    yield "2026-08-07"
    import_roster(scene, "roster_2026-08.csv", security_tier="II")
    same("LARKSPUR: its tier", scene.program.ask("company", "show", "LARKSPUR")["security_tier"], "II")
    yield "2026-08-10"
    scene.act("LARKSPUR", MEMBERSHIP, "drop_proposal", "tess", {"reason": "The CTPAT Security membership is of Tier II again."},
              now="active")
    check("proposal_dropped" in scene.letters("LARKSPUR", MEMBERSHIP), "LARKSPUR: no letter says that the proposal was dropped")


CHAPTERS = [quillstone, tamarack, larkspur]
