"""An applicant on its way into the program."""
from story.program import check, same

COMPANY = "LINDENWOOD"
ROW = {"company_id": COMPANY, "legal_name": "Lindenwood Kitchenware, Inc.", "officer_name": "Wanda Achterberg",
       "officer_email": "wanda.achterberg@lindenwood.example.com", "contact_name": "Yuri Sandoval",
       "contact_email": "yuri.sandoval@lindenwood.example.com"}
CHECKLIST = ["eligibility_answers_read", "security_tier_and_standing_checked", "importer_numbers_verified", "two_years_of_imports_verified",
             "no_debt_verified", "questionnaire_read", "memorandum_of_understanding_signed_by_an_officer", "internal_control_manual_read",
             "forced_labor_documents_read", "risk_assessment_read", "self_testing_plan_read"]


def send(scene, command, who, body=None, now=None):
    return scene.act(COMPANY, "application", command, who, body, now=now)


def save_all(scene):
    for form in ("questionnaire", "mou"):
        for section in scene.forms.sections(form):
            answers = scene.forms.answers(form, section["id"], ROW, scene.today)
            send(scene, "save", "preparer", {"part": form, "section": section["id"], "answers": answers})
    contact = {"name": ROW["contact_name"], "email": ROW["contact_email"], "title": "Customs compliance lead", "notices": True}
    for part, answers in (("ior_numbers", {"ior_numbers": ["49-1000013AA"]}), ("contacts", {"contacts": [contact]}),
                          ("control_manual", {"document": "internal-control-manual-v3.pdf"}),
                          ("forced_labor", {"documents": ["mapping.xlsx", "code-of-conduct.pdf", "training-log.pdf"]})):
        send(scene, "save", "preparer", {"part": part, "answers": answers})


def lindenwood(scene):
    yield "2026-01-06"
    scene.act(COMPANY, "open application", "launch", "officer", {}, now="eligibility")
    answers = scene.forms.answers("eligibility", "eligibility", ROW, scene.today)
    said = {"answers": {"eligibility": answers | {"social_compliance_program": "no"}}}
    send(scene, "answer_eligibility", "officer", said, now="not_eligible")
    yield "2026-01-20"  # the program is written now
    send(scene, "answer_eligibility", "officer", {"answers": {"eligibility": answers}}, now="drafting")
    rounds = scene.show(COMPANY, "application")["data"]["eligibility"]
    same("LINDENWOOD: the questions answered \"no\", round by round", [len(one["no_texts"]) for one in rounds], [1, 0])
    yield "2026-01-26"
    signed = {"signature": ROW["officer_name"]}
    scene.refused(COMPANY, "application", "submit", "officer", signed, code="guard", says="not complete")
    save_all(scene)
    yield "2026-02-02"
    send(scene, "submit", "officer", signed, now="submitted")
    yield "2026-02-04"
    people = {"nam": scene.email("paul", COMPANY), "team": [scene.email(one, COMPANY) for one in ("paul", "ivan", "auda")]}
    send(scene, "assign", "sumi", people, now="under_review")
    yield "2026-02-10"
    items = ["The list of your suppliers of knife steel with their addresses", "The last training log"]
    send(scene, "request_information", "paul", {"items": items}, now="information_requested")
    yield "2026-02-24"
    given = {"answers": ["supplier-list-steel.xlsx: nine suppliers in three countries", "training-log-2025.pdf: 24 people"]} | signed
    send(scene, "provide_information", "officer", given, now="under_review")
    yield "2026-03-02"
    meeting = {"meeting_on": "2026-03-12", "place": "by video call", "checklist": {item: {"confirmed": True} for item in CHECKLIST}}
    send(scene, "schedule_meeting", "paul", meeting, now="meeting_scheduled")
    yield "2026-03-12"
    held = {"attendance": ["Wanda Achterberg", "Yuri Sandoval", "Paul Reyes", "Ivan Brook", "Auda Finch"],
            "risks_discussed": ["Origin of knife steel", "A new supplier in Portugal"]}
    send(scene, "record_meeting", "paul", held, now="meeting_held")
    yield "2026-03-13"
    findings = ["Controls are written and in use.", "The origin of steel is traced to the mill."]
    send(scene, "recommend", "paul", {"recommendation": "approve", "findings": findings}, now="decision_pending")
    yield "2026-03-18"
    scene.refused(COMPANY, "application", "approve", "paul", code="forbidden", says="compliance")
    send(scene, "approve", "tess", now="approved")
    yield "2026-03-19"
    member = scene.program.ask("company", "show", COMPANY)
    same("LINDENWOOD: accepted on", member["acceptance_date"], "2026-03-18")
    scene.stands(COMPANY, "membership", "active")
    first = scene.date(COMPANY, "annual_notification", "due", 1)
    same("LINDENWOOD: its first annual notification, thirteen months on and rolled off a Sunday", first["due_on"], "2027-04-19")
    check("org.structure" in scene.facts(COMPANY), "LINDENWOOD: the questionnaire left no facts on file")
    scene.has_letters(COMPANY, "application", ["application_receipt", "application_information_request", "application_meeting_notice",
                                               "application_approval", "mou"])


CHAPTERS = [lindenwood]
