"""Continuation reviews, one with a plan and one without; surveys, one that ends in a letter and one referred to audit."""
from story.program import check, same

CONTINUATION, SURVEY = "continuation", "risk_survey"
CHECKLIST = ["accepted_notifications_of_the_period_read", "surveys_and_audits_of_the_period_read", "disclosures_of_the_period_read",
             "on_time_record_read", "internal_controls_walked_through", "self_testing_traced", "sample_entries_traced",
             "forced_labor_program_reviewed", "security_tier_and_standing_checked"]
SKIPPED = {"surveys_and_audits_of_the_period_read": {"confirmed": False, "reason": "There were none in the period."}}


def answer_pack(scene, company):
    """The questions of the pack; what is on file is left as it is."""
    answers = {}
    for asked in scene.show(company, CONTINUATION)["data"]["pack"]["questions"]:
        given = scene.forms.answers("continuation_pack", asked["section"], scene.members[company], scene.today)
        shown = asked["on_file"] and not asked["asked_again_because"]
        if not shown and asked["question"] in given:
            answers.setdefault(asked["section"], {})[asked["question"]] = given[asked["question"]]
    scene.act(company, CONTINUATION, "answer_pack", "officer", {"answers": answers, "signature": scene.signature(company)})


def recommend(scene, company, nam, recommendation, findings):
    checklist = {step: {"confirmed": True} for step in CHECKLIST} | SKIPPED
    body = {"recommendation": recommendation, "findings": findings, "checklist": checklist}
    scene.act(company, CONTINUATION, "recommend", nam, body, now="recommended")


def meridian(scene):
    """Its membership continues on a plan of two actions, which are carried out."""
    yield "2026-02-17"  # the review opened on Saturday, February 14, forty-eight months after the acceptance
    same("MERIDIAN: the review opens", scene.date("MERIDIAN", CONTINUATION, "review_opens")["due_on"], "2026-02-14")
    scene.act("MERIDIAN", CONTINUATION, "choose_mode", "nora", {"mode": "virtual"}, now="in_review")
    yield "2026-03-24"
    answer_pack(scene, "MERIDIAN")
    yield "2026-04-08"
    recommend(scene, "MERIDIAN", "nora", "plan", ["The manual does not say who approves a new tariff number.",
                                                  "Sample entry 4 could not be traced to its payment in the books."])
    yield "2026-04-15"
    decision = {"outcome": "plan", "reasons": ["The controls work, with two gaps that can be closed within the summer."],
                "actions": [{"action": "Name in the manual who approves a new tariff number.", "due_on": "2026-06-15"},
                            {"action": "Link payment runs and entries in the books, and trace twenty entries."}]}
    scene.refused("MERIDIAN", CONTINUATION, "decide", "nora", decision, code="forbidden", says="compliance")
    scene.act("MERIDIAN", CONTINUATION, "decide", "tess", decision, now="plan_monitoring")
    same("MERIDIAN: the day of action 2, by the rule", scene.date("MERIDIAN", CONTINUATION, "action:2")["due_on"], "2026-07-14")
    yield "2026-06-10"
    scene.act("MERIDIAN", CONTINUATION, "record_action", "nora", {"action": 1, "evidence": "Manual 6.1, section 4, of June 5"})
    yield "2026-07-08"
    scene.refused("MERIDIAN", CONTINUATION, "complete_plan", "nora", code="guard", says="evidence")
    evidence = {"evidence": [{"action": 2, "evidence": "Twenty entries traced on July 2; the list is on file"}]}
    scene.act("MERIDIAN", CONTINUATION, "complete_plan", "nora", evidence, now="continued")
    yield "2026-07-09"
    same("MERIDIAN: the next review opens", scene.date("MERIDIAN", CONTINUATION, "review_opens", 2)["due_on"], "2030-02-14")


def silverfern(scene):
    """Its membership continues without a plan."""
    yield "2026-04-10"
    scene.act("SILVERFERN", CONTINUATION, "choose_mode", "paul", {"mode": "documents"}, now="in_review")
    chosen = {"sections": ["organization", "controls", "evidence"], "questions": ["weather"]}
    scene.refused("SILVERFERN", CONTINUATION, "choose_questions", "paul", chosen, code="guard", says="no question")
    scene.act("SILVERFERN", CONTINUATION, "choose_questions", "paul", chosen | {"questions": ["test_results"]}, now="in_review")
    yield "2026-05-18"
    answer_pack(scene, "SILVERFERN")
    numbers = scene.show("SILVERFERN", CONTINUATION)["data"]["pack"]["counts"]
    same("SILVERFERN: questions of the pack, asked twice", (numbers["asked"] + numbers["pre_answered"], numbers["re_asked"]), (12, 0))
    yield "2026-05-20"
    asked = {"items": ["The reconciliation of the five sample entries", "The certificate of the foreign operator program"]}
    scene.act("SILVERFERN", CONTINUATION, "request_information", "paul", asked, now="information_requested")
    yield "2026-06-05"
    given = {"answers": ["reconciliation.xlsx, one sheet an entry", "aeo-certificate.pdf, valid to 2028"],
             "signature": scene.signature("SILVERFERN")}
    scene.act("SILVERFERN", CONTINUATION, "provide_information", "officer", given, now="in_review")
    yield "2026-06-12"
    recommend(scene, "SILVERFERN", "paul", "continued", ["All five sample entries were traced from the books to the declaration."])
    yield "2026-06-18"
    scene.act("SILVERFERN", CONTINUATION, "decide", "ivan",
              {"outcome": "continued", "reasons": ["Controls, tests and records hold what the company has promised."]}, now="continued")
    scene.has_letters("SILVERFERN", CONTINUATION, ["continuation_preparation_pack", "continuation_information_request",
                                                   "continuation_decision"])


def replies(scene, company, corrected):
    return scene.replies(company, "rasa_procedural", scene.show(company, SURVEY)["data"]["questions"], corrected)


def counts(scene, company):
    numbers = scene.show(company, SURVEY)["data"]["counts"]
    same(f"{company}: questions asked again that were on file", numbers["re_asked"], 0)
    return numbers


def northpier(scene):
    """A survey on procedures, most of it on file already; it ends in a letter."""
    yield "2026-09-01"
    proposed = {"basis": "topic", "reasons": ["All importers of shrimp are asked this year."], "topics": ["Forced labor in shrimp peeling"]}
    scene.act("NORTHPIER", "open " + SURVEY, "propose", "paul", proposed, now="proposed")
    yield "2026-09-03"
    scene.act("NORTHPIER", SURVEY, "approve", "tess", now="approved")
    yield "2026-09-08"
    again = {"parts": ["procedural"], "ask_again": [{"question": "products"}]}
    scene.refused("NORTHPIER", SURVEY, "build_survey", "ivan", again, code="guard", says="not asked again")
    scene.act("NORTHPIER", SURVEY, "build_survey", "ivan", {"parts": ["procedural"]}, now="survey_built")
    scene.act("NORTHPIER", SURVEY, "issue", "ivan", now="issued")
    asked = counts(scene, "NORTHPIER")
    check(asked["pre_answered"] >= 10 and asked["asked"] > 0, f"NORTHPIER: the survey does not build on what is on file: {asked}")
    yield "2026-10-01"
    scene.act("NORTHPIER", SURVEY, "answer", "officer",
              replies(scene, "NORTHPIER", {"countries_of_origin": ["Ecuador", "Norway"]}), now="received")
    answered = counts(scene, "NORTHPIER")
    same("NORTHPIER: answers corrected", answered["corrected"], 1)
    same("NORTHPIER: countries of origin on file", scene.facts("NORTHPIER")["import.countries_of_origin"]["value"], ["Ecuador", "Norway"])
    yield "2026-10-08"
    scene.act("NORTHPIER", SURVEY, "analyse", "auda", {"findings": ["Peeling sheds are known by name and visited."]}, now="analysis")
    yield "2026-10-14"
    outcome = {"outcome": "The survey is closed. Your procedures answer the risk.",
               "findings": ["Peeling sheds are known by name and visited.", "Thailand is no longer a country of origin."],
               "next_steps": ["Keep the visit reports for the next annual notification letter."]}
    scene.act("NORTHPIER", SURVEY, "draft_outcome", "auda", outcome, now="analysis")
    yield "2026-10-20"
    scene.refused("NORTHPIER", SURVEY, "send_outcome", "auda", code="guard", says="somebody other")
    scene.act("NORTHPIER", SURVEY, "send_outcome", "tess", now="closed")
    scene.has_letters("NORTHPIER", SURVEY, ["survey_letter", "survey_outcome"])


ENTRIES = [("05941030008", 1), ("05941030008", 2), ("05941030073", 1)]


def delivery(scene, entries):
    answers = {}
    for section in ("path", "documents"):
        answers |= scene.forms.answers("rasa_transactional", section, scene.members["OSPREY"], scene.today)
    answers["product"] = "Knitted cotton shirts, women's"
    return {"items": [{"entry_number": number, "line": line, "documents": "entry-file.pdf: all documents of the line", "answers": answers}
                      for number, line in entries]}


def osprey(scene):
    """An allegation; answers and documents do not settle it, and it is referred to audit."""
    yield "2026-02-09"
    proposed = {"basis": "allegation", "reasons": ["A letter says that yarn of Xinjiang cotton is spun in Choloma."],
                "topics": ["Origin of cotton yarn", "Forced labor"]}
    scene.act("OSPREY", "open " + SURVEY, "propose", "nora", proposed, now="proposed")
    yield "2026-02-11"
    scene.act("OSPREY", SURVEY, "approve", "ivan", now="approved")
    yield "2026-02-13"
    parts = {"parts": ["procedural", "transactional"], "sections": ["policies", "supply_chain"]}
    scene.act("OSPREY", SURVEY, "build_survey", "tess", parts, now="survey_built")
    scene.act("OSPREY", SURVEY, "issue", "tess", now="issued")
    same("OSPREY: the day for its answer", scene.date("OSPREY", SURVEY, "answer_due")["due_on"], "2026-03-16")
    yield "2026-03-10"
    scene.act("OSPREY", SURVEY, "answer", "officer", replies(scene, "OSPREY", {}), now="received")
    counts(scene, "OSPREY")
    yield "2026-03-13"
    chosen = {"entries": [{"entry_number": number, "line": line} for number, line in ENTRIES],
              "method": "All lines of knitted cotton in the entry lines on file", "seed_note": "No random choice"}
    scene.act("OSPREY", SURVEY, "select_entries", "auda", chosen, now="entries_selected")
    yield "2026-03-16"
    documents = {"documents": ["Purchase order, invoice and payment", "Production records from yarn to shirt", "Affidavit of the spinner"]}
    scene.approved_letter("OSPREY", SURVEY, "survey_documents_request", "auda", "tess", documents, now="documents_requested")
    yield "2026-04-02"
    scene.act("OSPREY", SURVEY, "deliver", "officer", delivery(scene, ENTRIES[:1]), now="documents_requested")
    yield "2026-04-10"
    scene.act("OSPREY", SURVEY, "deliver", "officer", delivery(scene, ENTRIES[1:]), now="documents_received")
    yield "2026-04-20"
    scene.act("OSPREY", SURVEY, "analyse", "auda", {"findings": ["Two affidavits name a spinner that closed in 2023."]}, now="analysis")
    yield "2026-04-27"
    referral = {"kind": "single_issue", "risk_areas": ["country_of_origin", "forced_labor"],
                "reasons": ["Two affidavits name a spinner that closed in 2023."]}
    scene.act("OSPREY", SURVEY, "refer_to_audit", "auda", referral, now="referred_to_audit")
    yield "2026-04-28"
    scene.stands("OSPREY", "audit", "referral_draft")


CHAPTERS = [meridian, silverfern, northpier, osprey]
