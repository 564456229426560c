"""Three audits: one from its override to the last verified action of the plan, one from a survey that ends without findings, one that its
questionnaire settles."""
from story.program import check, same

AUDIT = "audit"


def to_fieldwork(scene, company, auditor, notice, entrance, days):
    """Notice by telephone and letter, entrance conference, fieldwork; `days` are those of the three acts."""
    noticed, invited, held = days
    yield noticed
    scene.act(company, AUDIT, "give_notice", auditor, {"phoned_on": noticed} | notice, now="noticed")
    yield invited
    scene.act(company, AUDIT, "schedule_entrance", auditor, {"entrance_on": held} | entrance, now="noticed")
    yield held
    attendance = [scene.members[company]["officer_name"], scene.members[company]["contact_name"], "The audit team"]
    scene.act(company, AUDIT, "hold_entrance", auditor, {"held_on": held, "attendance": attendance, "ends_on": entrance["ends_on"]},
              now="entrance_held")
    scene.act(company, AUDIT, "start_fieldwork", auditor, now="fieldwork")


def deliver(scene, company, items):
    body = {"items": [{"entry_number": number, "line": line, "documents": f"{number}-{line}.pdf: the whole file of the line"}
                      for number, line in items]}
    scene.act(company, AUDIT, "deliver", "officer", body, now="fieldwork")


def review(scene, company, auditor, items, returned=()):
    reason = "The proof of payment is missing."
    body = {"items": [{"entry_number": number, "line": line, "accepted": (number, line) not in returned}
                      | ({"reason": reason} if (number, line) in returned else {}) for number, line in items]}
    scene.act(company, AUDIT, "review_records", auditor, body, now="fieldwork")


def ask_records(scene, company, auditor, approver, items, scope, documents, sampled):
    body = {"scope": scope, "sampled": sampled,
            "items": [{"entry_number": number, "line": line, "documents": documents} for number, line in items]}
    scene.approved_letter(company, AUDIT, "audit_request", auditor, approver, body, now="fieldwork")


def action(finding, area, root, correction, owner, due):
    return {"finding": finding, "area": area, "root_cause": root, "corrective_action": correction, "action_owner": owner, "due": due,
            "evidence": "The changed procedure and ten entries made under it", "verification": "Twenty entries read by finance"}


def granitebay(scene):
    """A focused assessment of an active member, which needs a recorded override; findings, plan, verification."""
    sample = [("G8241020003", 1), ("G8241020078", 1), ("G8241020078", 2)]
    yield "2026-01-20"
    referral = {"kind": "focused_assessment", "risk_areas": ["transaction_value", "classification"],
                "reasons": ["Assists were declared for one of four factories."]}
    scene.act("GRANITEBAY", "open " + AUDIT, "open_referral", "ivan", referral, now="referral_draft")
    yield "2026-01-22"
    scene.refused("GRANITEBAY", AUDIT, "refer", "ivan", code="guard", says="override")
    override = {"override_reason": "The loss of revenue may exceed what a survey can measure; approved by the executive director."}
    scene.act("GRANITEBAY", AUDIT, "refer", "ivan", override, now="referred")
    yield "2026-01-28"
    scene.act("GRANITEBAY", AUDIT, "accept", "auda", now="accepted")
    notice = {"objectives": ["Value: assists and royalties", "Classification of bags"], "estimate": "About five months, one week on site."}
    entrance = {"place": "Seattle, at the company", "records": ["Assist ledger", "Purchase orders of 2024 and 2025", "Item master"],
                "sampling_plan": "A statistical sample of entry lines is intended; its plan comes by letter.",
                "offsetting": "Overpayments may be offset under 19 CFR 163.11(d).", "ends_on": "2026-06-30"}
    yield from to_fieldwork(scene, "GRANITEBAY", "auda", notice, entrance, ("2026-02-03", "2026-02-05", "2026-02-25"))
    yield "2026-03-02"
    plan = {"method": "Simple random sample of entry lines", "sample_size": 3, "population": "114 entry lines of 12 months",
            "seed_note": "Seed 20260302, drawn in the presence of the company",
            "waiver": "The company accepts that the result is projected to the population."}
    scene.act("GRANITEBAY", AUDIT, "send_sampling_plan", "auda", plan, now="fieldwork")
    ready = dict(scope="Value and classification of the sample", documents="Entry file with proof of payment", sampled=True)
    scene.refused("GRANITEBAY", AUDIT, "request_records", "auda",
                  {"scope": ready["scope"], "sampled": True,
                   "items": [{"entry_number": number, "line": line, "documents": ready["documents"]} for number, line in sample]},
                  code="guard", says="written acceptance")
    yield "2026-03-09"
    scene.act("GRANITEBAY", AUDIT, "accept_sampling_plan", "officer", {"signature": scene.signature("GRANITEBAY")})
    yield "2026-03-11"
    ask_records(scene, "GRANITEBAY", "auda", "marc", sample, **ready)
    yield "2026-04-06"
    scene.act("GRANITEBAY", AUDIT, "request_extension", "officer", {"days": 30, "reason": "The factory's ledgers come by sea."})
    yield "2026-04-07"
    scene.act("GRANITEBAY", AUDIT, "grant_extension", "auda", {"days": 30})
    records = scene.date("GRANITEBAY", AUDIT, "documents_due")
    same("GRANITEBAY: the day for its records, before and after the extension",
         [one["due_on"] for one in records["superseded"]] + [records["due_on"]], ["2026-04-10", "2026-05-11"])
    yield "2026-05-05"
    deliver(scene, "GRANITEBAY", sample)
    yield "2026-05-11"
    review(scene, "GRANITEBAY", "auda", sample, returned=sample[1:2])
    yield "2026-05-26"
    deliver(scene, "GRANITEBAY", sample[1:2])
    yield "2026-06-01"
    review(scene, "GRANITEBAY", "auda", sample[1:2])
    yield "2026-06-03"
    scene.act("GRANITEBAY", AUDIT, "schedule_closing", "auda", {"closing_on": "2026-06-16", "place": "Seattle, at the company"})
    yield "2026-06-16"
    scene.act("GRANITEBAY", AUDIT, "hold_closing", "auda", {"held_on": "2026-06-16", "attendance": ["Hiro Vandermeer", "Auda Finch"]},
              now="closing_held")
    same("GRANITEBAY: the report is due 90 days after the closing conference",
         scene.date("GRANITEBAY", AUDIT, "report_due")["due_on"], "2026-09-14")
    yield "2026-08-03"
    findings = [{"area": "transaction_value", "text": "Molds of three factories were not declared as assists."},
                {"area": "classification", "text": "Insulated bags were entered under the heading of travel bags."}]
    scene.act("GRANITEBAY", AUDIT, "issue_report", "auda", {"findings": findings}, now="report_issued")
    yield "2026-08-10"
    scene.act("GRANITEBAY", AUDIT, "send_copy", "auda", now="plan_required")
    yield "2026-08-31"
    answers = scene.forms.answers("improvement_plan", "plan", scene.members["GRANITEBAY"], scene.today)
    actions = [action("1. Assists", "transaction value", "Purchasing paid for molds without telling compliance.",
                      "Every mold order goes to compliance before it is paid.", "June Abernathy", "2026-10-15"),
               action("2. Bags", "classification", "The item master copied an old tariff number.",
                      "The tariff numbers of all bags are read again and corrected.", "June Abernathy", "2026-11-20")]
    body = {"plan": answers, "actions": actions[:1], "signature": scene.signature("GRANITEBAY")}
    scene.refused("GRANITEBAY", AUDIT, "submit_plan", "officer", body, code="guard", says="finding 2")
    scene.act("GRANITEBAY", AUDIT, "submit_plan", "officer", body | {"actions": actions}, now="plan_submitted")
    yield "2026-09-14"
    scene.act("GRANITEBAY", AUDIT, "accept_plan", "auda", now="plan_accepted")
    check("improvement_plan.officer" in scene.facts("GRANITEBAY"), "GRANITEBAY: the accepted plan left no facts on file")
    for number, day in ((1, "2026-10-12"), (2, "2026-11-16")):
        yield day
        evidence = {"action": number, "evidence": "The changed procedure with ten entries made under it"}
        scene.act("GRANITEBAY", AUDIT, "report_action", "officer", evidence, now="plan_accepted")
    yield "2026-11-18"
    holds = [{"action": number, "holds": True, "evidence": "Ten entries read, all right"} for number in (1, 2)]
    scene.act("GRANITEBAY", AUDIT, "verify_plan", "auda", {"actions": holds}, now="follow_up")
    yield "2026-12-07"
    scene.act("GRANITEBAY", AUDIT, "close", "auda", {"outcome": "Both findings are settled, and the corrections hold."}, now="closed")
    scene.has_letters("GRANITEBAY", AUDIT,
                      ["audit_referral", "audit_notice", "audit_entrance_notice", "audit_sampling_plan", "audit_request",
                       "extension_granted", "audit_closing_notice", "audit_report_transmittal", "audit_report_copy", "audit_plan_request",
                       "cip_acceptance", "audit_closed"])


def osprey(scene):
    """Opened by the survey; the end date is told anew with its reasons; no findings in the end."""
    lines = [("05941030008", 2), ("05941030073", 1)]
    yield "2026-05-04"
    check(scene.show("OSPREY", AUDIT)["data"]["survey_case"] == scene.case("OSPREY", "risk_survey"),
          "OSPREY: the audit does not name the survey that referred it")
    scene.act("OSPREY", AUDIT, "refer", "tess", {}, now="referred")
    yield "2026-05-08"
    scene.act("OSPREY", AUDIT, "accept", "marc", now="accepted")
    notice = {"objectives": ["Origin of cotton yarn in knitted shirts"], "estimate": "About four months, two days on site."}
    entrance = {"place": "by video call", "records": ["Yarn purchases of 2025", "Production records of two styles"],
                "sampling_plan": "No sample: all lines of two styles are read.", "offsetting": "Not asked for.", "ends_on": "2026-09-30"}
    yield from to_fieldwork(scene, "OSPREY", "marc", notice, entrance, ("2026-05-14", "2026-05-18", "2026-06-03"))
    yield "2026-06-08"
    ask_records(scene, "OSPREY", "marc", "auda", lines, "Origin of the yarn in two styles",
                "Yarn purchase, ginning record, production order", sampled=False)
    yield "2026-07-02"
    deliver(scene, "OSPREY", lines)
    yield "2026-07-09"
    review(scene, "OSPREY", "marc", lines)
    yield "2026-09-21"
    delay = {"reasons": ["The laboratory needs six more weeks for the isotope test of the yarn."], "new_end_on": "2026-11-13"}
    scene.act("OSPREY", AUDIT, "record_delay", "marc", delay, now="fieldwork")
    yield "2026-10-19"
    scene.act("OSPREY", AUDIT, "schedule_closing", "marc", {"closing_on": "2026-11-05", "place": "by video call"})
    yield "2026-11-05"
    scene.act("OSPREY", AUDIT, "hold_closing", "marc", {"held_on": "2026-11-05", "attendance": ["Greta Nwosu", "Marc Doyle"]},
              now="closing_held")
    yield "2026-12-10"
    scene.act("OSPREY", AUDIT, "issue_report", "marc", {"findings": []}, now="report_issued")
    yield "2026-12-17"
    scene.act("OSPREY", AUDIT, "send_copy", "marc", now="closed")
    scene.has_letters("OSPREY", AUDIT, ["audit_delay_notice", "audit_report_transmittal", "audit_closed"])


def northpier(scene):
    """Most of the questionnaire is on file and only confirmed; one answer is corrected, the rest given, and the audit ends with it."""
    def asked():
        return scene.show("NORTHPIER", AUDIT)["data"]["questionnaire"]
    yield "2026-10-26"
    referral = {"kind": "single_issue", "risk_areas": ["quantity"], "reasons": ["Declared weights of shrimp differ from the carrier's."]}
    scene.act("NORTHPIER", "open " + AUDIT, "open_referral", "ivan", referral, now="referral_draft")
    scene.act("NORTHPIER", AUDIT, "refer", "ivan", {}, now="referred")
    yield "2026-10-28"
    scene.act("NORTHPIER", AUDIT, "accept", "auda", now="accepted")
    yield "2026-10-30"
    notice = {"phoned_on": "2026-10-30", "objectives": ["Quantity: net weights of frozen shrimp"], "estimate": "About three months."}
    scene.act("NORTHPIER", AUDIT, "give_notice", "auda", notice, now="noticed")
    yield "2026-11-02"
    scene.refused("NORTHPIER", AUDIT, "build_questionnaire", "auda", {"ask_again": [{"question": "brokers"}]}, code="guard",
                  says="not asked again")
    scene.act("NORTHPIER", AUDIT, "build_questionnaire", "auda", {}, now="noticed")
    scene.act("NORTHPIER", AUDIT, "send_questionnaire", "auda", {}, now="noticed")
    same("NORTHPIER: the day for its answers", scene.date("NORTHPIER", AUDIT, "questionnaire_due")["due_on"], "2026-12-02")
    counts = asked()["counts"]
    check(counts["pre_answered"] > counts["asked"], f"NORTHPIER: the questionnaire does not build on what is on file: {counts}")
    yield "2026-11-20"
    corrected = {"brokers": ["Pier Brokers", "Boston Entry Desk"]}
    scene.act("NORTHPIER", AUDIT, "answer_questionnaire", "officer",
              scene.replies("NORTHPIER", "audit_questionnaire", asked()["questions"], corrected), now="noticed")
    counts = asked()["counts"]
    same("NORTHPIER: answers to the questionnaire corrected, asked twice", (counts["corrected"], counts["re_asked"]), (1, 0))
    same("NORTHPIER: its brokers on file", scene.facts("NORTHPIER")["import.brokers"]["value"], corrected["brokers"])
    yield "2026-12-01"
    ended = {"reason": "The answers and the weighing records explain the difference: the carrier weighs the ice."}
    scene.refused("NORTHPIER", AUDIT, "cancel", "auda", ended, code="forbidden", says="compliance")
    scene.act("NORTHPIER", AUDIT, "cancel", "tess", ended, now="closed")
    scene.has_letters("NORTHPIER", AUDIT, ["audit_notice", "audit_questionnaire", "audit_closed"])


CHAPTERS = [granitebay, osprey, northpier]
