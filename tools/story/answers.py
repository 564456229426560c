"""What companies answer: to any question of the shipped forms, by its id, in the words of one company."""
import datetime
import json

TRADES = {  # goods, countries, ports, broker
    "HARBORLIGHT": ("lamps and lighting fittings", "China; Viet Nam; Italy", "Savannah; Charleston", "Seaway Brokers"),
    "CEDARFALL": ("toys, games and puzzles", "China; Mexico; Germany", "Los Angeles; Laredo", "Pacific Entry Filers"),
    "BLUEMESA": ("headphones and small speakers", "Malaysia; China; Japan", "Los Angeles; Oakland", "Mesa Customs Brokers"),
    "QUILLSTONE": ("paper, binders and writing instruments", "China; Brazil; India", "Norfolk; New York", "Plum & Daughters"),
    "TAMARACK": ("cutting tools and dies", "Germany; Japan; Korea", "Chicago; Seattle", "Great Lakes Entry"),
    "NORTHPIER": ("frozen shrimp, crab and cod", "Ecuador; Norway; Thailand", "Boston; Newark", "Pier Brokers"),
    "OSPREY": ("knitted and woven clothing", "Honduras; China; Jordan", "Wilmington; Miami", "Lane Customs"),
    "GRANITEBAY": ("tents, bags and outdoor clothing", "China; Mexico; Viet Nam", "Seattle; Houston", "Bay Entry Filers"),
    "MERIDIAN": ("woven fabrics and yarn", "India; Pakistan; Turkiye", "Charleston; Savannah", "Loom Customs"),
    "SILVERFERN": ("brake parts and wheel hubs", "Mexico; Canada; Thailand", "Laredo; Detroit", "Border Auto Brokers"),
    "LARKSPUR": ("garden tools and hoses", "China; Poland; Israel", "Baltimore; Norfolk", "Garden State Entry"),
    "RIVERBEND": ("steel bars, pipes and fittings", "Canada; Korea; Italy", "Philadelphia; Houston", "Ironside Brokers"),
    "LINDENWOOD": ("kitchen knives and cookware", "Japan; Portugal; China", "Newark; Savannah", "Hearth Customs Brokers"),
}
NO = {"personnel_changed", "organization_changed", "procedures_changed", "activity_changed", "corrective_action_needed",
      "amendments_made", "forced_labor_found", "attachments_given", "drawback_or_zones"}
LISTS = {
    "further_contacts": ["Import desk, first line for questions about entries"],
    "business_units": ["All of the company"],
    "special_programs": ["USMCA"],
    "partner_agencies": ["Consumer Product Safety Commission"],
    "prior_disclosures": [],
    "training_topics": ["Valuation", "Tariff classification", "Signs of forced labor"],
    "participants": ["The officer", "The customs compliance lead", "The lead of purchasing"],
    "high_risk_goods": ["None of our goods; cotton trims are traced to the gin"],
    "raw_materials": ["Cotton, ginned in Texas", "Polyester thread from Honduras"],
    "production_steps": ["Knitting and dyeing in Choloma", "Cutting and sewing in Villanueva"],
}
TEXTS = {
    "organization": "Customs compliance is a department of its own under the general counsel; purchasing and finance report changes to it.",
    "ownership": "The company is owned by its founders. No related company imports.",
    "compliance_department": "Two full-time specialists, one of them a licensed broker, and the lead with eleven years of experience.",
    "control_manual_version": "Version 6, in use since January 1, 2025",
    "control_procedures": "Each entry is compared with purchase order, invoice and payment before release; tariff numbers and origins come "
                          "from a master list that only the compliance department changes.",
    "forced_labor_controls": "Suppliers are mapped to the raw material by risk, sign the code of conduct, and are visited before the "
                             "first order and every second year.",
    "broker_oversight": "Brokers file from written instructions. One entry in twenty is read again within ten days.",
    "error_correction": "The error is logged, the entries of the period are read for the same error, and a post-summary correction or "
                        "prior disclosure follows. The procedure is changed where it let the error pass.",
    "information_flow": "Purchasing sends assists, royalties and new materials to the compliance department by a weekly report.",
    "risk_method": "Ten factors are rated by two people each and put in a matrix; the five highest get tests of their own.",
    "risk_summary": "Forty-two supplier and product pairs were rated; five are high, all because of new materials.",
    "risk_results": "Origin of components and the value of assists are the highest. Both are tested every quarter.",
    "test_plan_period": "The twelve months before this letter",
    "test_method": "A random sample from all entry lines, drawn by finance, with every high-risk supplier in it.",
    "test_results": "Value, classification and origin were right but for two lines whose quantity was mistyped; both were corrected.",
    "code_of_conduct_scope": "It applies to all suppliers and their subcontractors and is part of each purchase contract.",
    "implementation_evidence": "Signed acknowledgements, audit reports of the last two years, and the log of corrective actions.",
    "due_diligence": "New suppliers are screened against the published lists, and buyers are trained every spring.",
    "remediation_plan": "Orders stop, the goods are held, CBP is told, and the supplier is left unless remedy is shown in ninety days.",
    "best_practices": "We keep a picture of each raw-material lot beside its purchase order.",
    "training_program": "A day for everybody who buys, receives or pays for imported goods, and a yearly test.",
    "records_system": "Seven years in the document system of the finance department; the compliance lead can produce them in a day.",
    "audit_trail": "Entry number, purchase order, invoice and payment run are linked in the books in both directions.",
    "social_compliance_owner": "Director of purchasing, together with the compliance lead",
    "contract_terms": "Clause 14 forbids forced labor, opens books and sites, and ends the contract on a breach.",
    "escalation": "The compliance lead holds the order the same day; the general counsel decides within a week.",
    "tracing_procedure": "Lot numbers are followed from our purchase order over the mill to the raw material.",
    "value_controls": "Finance reads the ledgers of royalties, commissions and molds every month and names what belongs to the price.",
    "related_parties": "None. All suppliers are independent of us.",
    "classification_controls": "A licensed specialist classifies from drawings and bills of material; a second one reads new numbers.",
    "origin_controls": "The origin of each style comes from the supplier's production record and is marked before packing.",
    "program_evidence": "A claim is made only with the certificate on file and the bill of material read against the rule.",
    "trade_remedy_controls": "The scope of each order is compared with the item master when it is published or changed.",
    "quantity_controls": "Receiving counts every carton; differences above one percent are told to the broker the same week.",
    "plan_summary": "Value and classification are declared right for all factories from December 1, 2026 on.",
    "plan_monitoring": "Finance reads twenty entries a month and reports to the officer.",
    "signing_title": "Company officer",
    "certifying_title": "Company officer",
    "export_route": "By truck from the plant to Puerto Cortes, the same week by ship to Wilmington.",
    "commercial_documents": "purchase-order.pdf, invoice.pdf, payment.pdf: order, price and payment of this line",
    "production_documents": "cutting-ticket.pdf, payroll-week.pdf: who made it, where, in which week",
    "transport_documents": "packing-list.pdf, bill-of-lading.pdf: the way of these cartons",
    "origin_documents": "yarn-affidavit.pdf: the spinner's affidavit for the lot",
    "forced_labor_documents": "mapping.xlsx, code-of-conduct.pdf, training-log.pdf",
    "evidence_documents": "Manual, risk matrix, test results and payment records of the five sample entries",
}
NUMBERS = {"test_sample_size": 120, "test_errors_found": 2, "compliance_staff": 3, "post_summary_corrections": 0,
           "training_participants": 24, "amount_tendered": 0}
DAYS_AGO = {"risk_last_date": 40, "mapping_updated_on": 75, "training_last_date": 110}
CHOICES = {"origin_evidence": "affidavit", "mapping_depth": "raw material", "test_error_kinds": ["quantity"]}
LEFT_OUT = {"importer_numbers_changed", "not_available", "open_corrective_actions", "third_party_evidence", "contact_for_entry"}


class Forms:
    def __init__(self, home):
        self.forms = {}
        for file in sorted(home.glob("workflows/*/forms/*.json")):
            form = json.loads(file.read_text(encoding="utf-8"))
            self.forms[form["name"]] = form  # sorted: the newest version stays

    def sections(self, name):
        return self.forms[name]["sections"]

    def section(self, name, section):
        return next(one for one in self.sections(name) if one["id"] == section)

    def answers(self, name, section, row, today):
        """A company's answers to one section, without what does not apply to it."""
        given = {}
        for question in self.section(name, section)["questions"]:
            needed = question.get("required_when")
            if question["id"] in LEFT_OUT or (needed and given.get(needed["question"]) != needed["equals"]):
                continue
            if question["id"] in {"personnel_changes", "organization_changes", "procedure_changes", "activity_changes"}:
                continue
            value = answer(question, row, today)
            if value not in (None, []):
                given[question["id"]] = value
        return given

    def question(self, name, wanted):
        return next(one for section in self.sections(name) for one in section["questions"] if one["id"] == wanted)


def answer(question, row, today):
    """The plain answer of the company in `row` on that day."""
    name, kind = question["id"], question["type"]
    goods, countries, ports, broker = TRADES[row["company_id"]]
    of_company = {
        "certifying_officer": row["officer_name"],
        "signing_officer": row["officer_name"],
        "plan_officer": row["officer_name"],
        "primary_contact_name": row["contact_name"] or row["officer_name"],
        "primary_contact_email": row["contact_email"] or row["officer_email"],
        "primary_contact_phone": "(555) 555-0100",
        "products": [goods],
        "product": goods,
        "countries_of_origin": countries.split("; "),
        "ports": ports.split("; "),
        "brokers": [broker],
        "code_of_conduct_url": f"https://{row['officer_email'].partition('@')[2]}/code-of-conduct",
    }
    if name in of_company:
        return of_company[name]
    if kind == "yes_no":
        return "no" if name in NO else "yes"
    if kind == "date":
        return (today - datetime.timedelta(days=DAYS_AGO[name])).isoformat()
    for table in (TEXTS, LISTS, NUMBERS, CHOICES):
        if name in table:
            return table[name]
    raise KeyError(f"the story has no answer to the question \"{name}\" ({kind}): {question['text']}")
