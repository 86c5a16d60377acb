"""The decision table of warranty coverage: what is paid, under which regime, by which rule."""

from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from ..tools.coverage import CoverageRequest
from .common import AfterSalesCommon

PAID, HALF = (1.0, "warranty", "term"), (0.5, "warranty", "term")
NOBODY, AFTER = (0.0, "on_demand", "nothing"), (0.0, "post_warranty", "nothing")


def refused(rule):
    return 0.0, "warranty", rule


#: Terms by short names. A unit is delivered on 10 March 2024 unless the row says otherwise.
TWO_YEARS = {"name": "Two years"}
SHARES = {"name": "Shares", "part_share": 100, "labour_share": 50, "travel_share": 25}
WINDOWS = {"name": "Windows", "part_duration": 18, "labour_duration": 12, "travel_duration": 6}
EXCLUDING = {"name": "Excluding", "excludes": True}
ONE_YEAR = {"name": "One year", "duration": 12, "labour_share": 50}
FIRST_ONLY = {"name": "First owner", "transferable": False}
SUSPENDING = {"name": "Suspending", "repair_policy": "suspend"}
LIMITED = {"name": "Limited", "claim_limit": 1}
INSTALLED = {"name": "From installation", "start_basis": "installation"}
MADE = {"name": "From manufacture", "start_basis": "manufacture", "duration": 12}
DAYS = {"name": "90 days", "duration": 90, "duration_unit": "day"}
ITALY = {"name": "Italy", "countries": ["base.it"], "customer_kind": "consumer"}
BUSINESS = {"name": "Business", "customer_kind": "business", "duration": 12}
LEAP_YEAR = {"name": "Leap", "duration": 12}
LEAP_FOUR = {"name": "Leap 4", "duration": 4, "duration_unit": "year"}

AT_LEAST = {"name": "At least", "replacement_policy": "longer", "replacement_months": 24}

LAST = date(2026, 3, 10)

#: (name, terms, what is asked, what the answer is)
TABLE = [
    # each cost class, paid in full
    ("part in full", [TWO_YEARS], {"cost_class": "part"}, PAID),
    ("labour in full", [TWO_YEARS], {"cost_class": "labour"}, PAID),
    ("travel in full", [TWO_YEARS], {"cost_class": "travel"}, PAID),
    ("call-out in full", [TWO_YEARS], {"cost_class": "call_out"}, PAID),
    ("per-diem in full", [TWO_YEARS], {"cost_class": "per_diem"}, PAID),
    ("expense in full", [TWO_YEARS], {"cost_class": "expense"}, PAID),
    # each cost class, by its share
    ("part by share", [SHARES], {"cost_class": "part"}, PAID),
    ("labour by share", [SHARES], {"cost_class": "labour"}, HALF),
    ("travel by share", [SHARES], {"cost_class": "travel"}, (0.25, "warranty", "term")),
    ("call-out by the share of travel", [SHARES], {"cost_class": "call_out"}, (0.25, "warranty", "term")),
    ("per-diem by the share of travel", [SHARES], {"cost_class": "per_diem"}, (0.25, "warranty", "term")),
    ("expense by the share of travel", [SHARES], {"cost_class": "expense"}, (0.25, "warranty", "term")),
    ("part not included", [{"name": "No parts", "part_share": 0}], {}, refused("not_included")),
    (
        "labour not included",
        [{"name": "No labour", "labour_share": 0}],
        {"cost_class": "labour"},
        refused("not_included"),
    ),
    (
        "travel not included, so no call-out",
        [{"name": "No travel", "travel_share": 0}],
        {"cost_class": "call_out"},
        refused("not_included"),
    ),
    # each cost class, within its own time
    ("part on its last day", [WINDOWS], {"day": date(2025, 9, 10)}, PAID),
    ("part a day late", [WINDOWS], {"day": date(2025, 9, 11)}, refused("class_expired")),
    ("labour on its last day", [WINDOWS], {"cost_class": "labour", "day": date(2025, 3, 10)}, PAID),
    (
        "labour a day late",
        [WINDOWS],
        {"cost_class": "labour", "day": date(2025, 3, 11)},
        refused("class_expired"),
    ),
    ("travel on its last day", [WINDOWS], {"cost_class": "travel", "day": date(2024, 9, 10)}, PAID),
    (
        "per-diem a day late",
        [WINDOWS],
        {"cost_class": "per_diem", "day": date(2024, 9, 11)},
        refused("class_expired"),
    ),
    # from the first day to the last
    ("the day before the start", [TWO_YEARS], {"day": date(2024, 3, 9)}, NOBODY),
    ("the first day", [TWO_YEARS], {"day": date(2024, 3, 10)}, PAID),
    ("ends tomorrow", [TWO_YEARS], {"day": date(2026, 3, 9)}, PAID),
    ("ends today", [TWO_YEARS], {"day": LAST}, PAID),
    ("ended yesterday", [TWO_YEARS], {"day": date(2026, 3, 11)}, AFTER),
    ("ended years ago", [TWO_YEARS], {"day": date(2031, 1, 1)}, AFTER),
    ("ninety days, the last", [DAYS], {"day": date(2024, 6, 8)}, PAID),
    ("ninety days, a day late", [DAYS], {"day": date(2024, 6, 9)}, AFTER),
    # exclusions
    ("excluded part", [EXCLUDING], {"product": "seal"}, refused("excluded_product")),
    ("part of an excluded category", [EXCLUDING], {"product": "filter"}, refused("excluded_product")),
    ("another part", [EXCLUDING], {"product": "pump"}, PAID),
    ("labour without a part", [EXCLUDING], {"cost_class": "labour"}, PAID),
    ("labour on an excluded part", [EXCLUDING], {"cost_class": "labour", "product": "seal"}, refused("excluded_product")),
    ("excluded fault", [EXCLUDING], {"fault": "leaks"}, refused("excluded_fault")),
    ("fault below an excluded one", [EXCLUDING], {"fault": "leaks_water"}, refused("excluded_fault")),
    ("another fault", [EXCLUDING], {"fault": "other"}, PAID),
    ("misuse", [TWO_YEARS], {"fault": "misuse"}, refused("misuse")),
    ("misuse, labour", [TWO_YEARS], {"fault": "misuse", "cost_class": "labour"}, refused("misuse")),
    # several terms on one unit
    ("legal and commercial, both run: the better share", [ONE_YEAR, TWO_YEARS], {"cost_class": "labour"}, PAID),
    ("the short one has ended", [ONE_YEAR, TWO_YEARS], {"day": date(2025, 6, 1)}, PAID),
    ("both have ended", [ONE_YEAR, TWO_YEARS], {"day": date(2027, 1, 1)}, AFTER),
    ("one excludes the part, the other pays", [EXCLUDING, TWO_YEARS], {"product": "seal"}, PAID),
    ("both exclude the fault", [EXCLUDING, {**EXCLUDING, "name": "Too"}], {"fault": "leaks"}, refused("excluded_fault")),
    ("an extension, on its first day", [TWO_YEARS, "extension"], {"day": date(2026, 3, 11)}, PAID),
    ("an extension, on its last day", [TWO_YEARS, "extension"], {"day": date(2027, 3, 10)}, PAID),
    ("an extension, a day late", [TWO_YEARS, "extension"], {"day": date(2027, 3, 11)}, AFTER),
    ("legal, commercial and extension at once", [ONE_YEAR, TWO_YEARS, "extension"], {"day": date(2025, 1, 1)}, PAID),
    # out of use
    ("out of use within the time", [SUSPENDING, "out of use"], {"day": date(2026, 3, 5)}, PAID),
    ("still out of use after the end", [SUSPENDING, "out of use"], {"day": date(2026, 9, 1)}, PAID),
    ("back, within the days added", [SUSPENDING, "out of use", "back"], {"day": date(2026, 3, 20)}, PAID),
    ("back, a day after the days added", [SUSPENDING, "out of use", "back"], {"day": date(2026, 3, 21)}, AFTER),
    ("out of use, but its days do not count", [TWO_YEARS, "out of use"], {"day": date(2026, 3, 11)}, AFTER),
    # lost and waived
    ("the day before the loss of cover", [TWO_YEARS, "void"], {"day": date(2025, 5, 31)}, PAID),
    ("the day of the loss of cover", [TWO_YEARS, "void"], {"day": date(2025, 6, 1)}, AFTER),
    ("the day before a waiver", [TWO_YEARS, "waiver"], {"day": date(2025, 5, 31)}, PAID),
    ("the day of a waiver", [TWO_YEARS, "waiver"], {"day": date(2025, 6, 1)}, AFTER),
    ("loss recorded by mistake", [TWO_YEARS, "void", "revoked"], {"day": date(2025, 6, 1)}, PAID),
    ("stolen", [TWO_YEARS, "stolen"], {"day": date(2025, 6, 1)}, AFTER),
    ("stolen and found", [TWO_YEARS, "stolen", "found"], {"day": date(2025, 6, 1)}, PAID),
    # not started
    ("not installed yet", [INSTALLED], {"day": date(2025, 1, 1)}, NOBODY),
    ("installed later: before", [INSTALLED, "installed"], {"day": date(2024, 4, 30)}, NOBODY),
    ("installed later: from then", [INSTALLED, "installed"], {"day": date(2026, 5, 1)}, PAID),
    ("made long ago", [MADE], {"day": date(2024, 6, 1), "manufacture_date": date(2023, 1, 1)}, AFTER),
    ("made recently", [MADE], {"day": date(2024, 6, 1), "manufacture_date": date(2024, 1, 1)}, PAID),
    ("delivered in the future", [TWO_YEARS], {"delivery_date": date(2030, 1, 1), "day": date(2026, 1, 1)}, NOBODY),
    ("no date of delivery", [TWO_YEARS], {"delivery_date": False}, NOBODY),
    # 29 February
    ("29 February and a year: last day", [LEAP_YEAR], {"delivery_date": date(2024, 2, 29), "day": date(2025, 2, 28)}, PAID),
    ("29 February and a year: late", [LEAP_YEAR], {"delivery_date": date(2024, 2, 29), "day": date(2025, 3, 1)}, AFTER),
    ("29 February and four years", [LEAP_FOUR], {"delivery_date": date(2024, 2, 29), "day": date(2028, 2, 29)}, PAID),
    # claim limit
    ("first of one claim", [LIMITED], {}, PAID),
    ("second of one claim", [LIMITED, "claimed"], {}, refused("claim_limit")),
    ("claims without limit", [TWO_YEARS, "claimed"], {}, PAID),
    ("limit of one used up, another pays", [LIMITED, ONE_YEAR, "claimed"], {"cost_class": "labour"}, HALF),
    # components
    ("component with a term of its own", ["component", {**DAYS, "product": "pump"}], {"day": date(2024, 5, 1)}, PAID),
    ("component after its own term", ["component", {**DAYS, "product": "pump"}], {"day": date(2025, 1, 1)}, AFTER),
    ("component of a covered machine, not covered itself", ["component", {**TWO_YEARS, "product": "machine"}], {}, NOBODY),
    # a new owner
    ("new owner, cover follows", [TWO_YEARS, "sold on"], {"day": date(2025, 7, 1)}, PAID),
    ("new owner, cover of the first only", [FIRST_ONLY, "sold on"], {"day": date(2025, 7, 1)}, AFTER),
    ("cover of the first only, before", [FIRST_ONLY, "sold on"], {"day": date(2025, 5, 31)}, PAID),
    ("new owner, as an exception", [FIRST_ONLY, "sold on, kept"], {"day": date(2025, 7, 1)}, PAID),
    # country and kind of customer
    ("consumer in Italy", [ITALY], {"country": "base.it"}, PAID),
    ("consumer in Germany", [ITALY], {"country": "base.de"}, NOBODY),
    ("business in Italy, term for consumers", [ITALY], {"country": "base.it", "owner": "business"}, NOBODY),
    ("business, its own term", [BUSINESS], {"owner": "business"}, PAID),
    ("consumer, term for businesses", [BUSINESS], {}, NOBODY),
    ("unknown owner is a consumer", [{**TWO_YEARS, "customer_kind": "consumer"}], {"owner": None}, PAID),
    # repaired and replaced
    ("repair adds months: within them", [{"name": "Repair +6", "repair_policy": "extend", "repair_months": 6}, "repaired"], {"day": date(2026, 9, 10)}, PAID),
    ("repair adds months: after them", [{"name": "Repair +6", "repair_policy": "extend", "repair_months": 6}, "repaired"], {"day": date(2026, 9, 11)}, AFTER),
    ("replacement inherits: last day", [TWO_YEARS, "replaced"], {"day": LAST}, PAID),
    ("replacement inherits: late", [TWO_YEARS, "replaced"], {"day": date(2026, 3, 11)}, AFTER),
    ("replacement starts again", [{"name": "Restart", "replacement_policy": "restart"}, "replaced"], {"day": date(2027, 6, 1)}, PAID),
    ("replacement has at least 24 months: last day", [AT_LEAST, "replaced"], {"day": date(2027, 6, 1)}, PAID),
    ("replacement has at least 24 months: late", [AT_LEAST, "replaced"], {"day": date(2027, 6, 2)}, AFTER),
    # nothing at all
    ("no warranty", [], {}, NOBODY),
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestCoverageTable(AfterSalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seal = cls._create_product("Seal")
        consumables = cls.env["product.category"].create({"name": "Consumables"})
        cls.filter.categ_id = cls.env["product.category"].create(
            {"name": "Filters", "parent_id": consumables.id}
        )
        water = cls.env.ref("after_sales_warranty.after_sales_fault_s41")
        cls.faults = {
            "leaks_water": water,
            "leaks": water.parent_id,
            "other": cls.env.ref("after_sales_warranty.after_sales_fault_s10"),
            "misuse": cls.env.ref("after_sales_warranty.after_sales_fault_c72"),
        }
        cls.exclusions = {
            "excluded_product_ids": [Command.link(cls.seal.id)],
            "excluded_categ_ids": [Command.link(consumables.id)],
            "excluded_fault_ids": [Command.link(water.parent_id.id)],
        }

    def _offer(self, term):
        values = dict(term)
        if values.pop("excludes", False):
            values.update(self.exclusions)
        if countries := values.pop("countries", None):
            values["country_ids"] = [Command.set([self.env.ref(xmlid).id for xmlid in countries])]
        product = values.pop("product", None)
        if product:
            values["applies_to"] = "selected"
        record = self._create_term(**values)
        if product:
            self[product].product_tmpl_id.warranty_term_ids = record
        return record

    def __getitem__(self, name):
        return getattr(self, name)

    def _happen(self, unit, event):
        """What happens to the unit after its delivery; return the unit that is asked about."""
        day, warranties = date(2025, 6, 1), unit.warranty_ids
        happen = {
            "extension": lambda: warranties._grant(
                [
                    (
                        unit,
                        self._create_term("Extension", kind="extension", duration=12, applies_to="selected"),
                    )
                ],
                starts={unit: date(2026, 3, 11)},
            ),
            "out of use": lambda: unit._suspend(date(2026, 3, 1)),
            "back": lambda: unit._resume(date(2026, 3, 10)),
            "void": lambda: warranties._add_event("void", day),
            "waiver": lambda: warranties._add_event("waiver", day),
            "revoked": lambda: warranties.event_ids.filtered(lambda e: e.kind == "void").write(
                {"active": False}
            ),
            "stolen": lambda: unit._withdraw("stolen", day, "Stolen"),
            "found": lambda: unit.action_put_back(),
            "installed": lambda: unit.write({"installation_date": date(2024, 5, 1)}),
            "claimed": lambda: self.env["after.sales.claim"].create(
                {"unit_id": unit.id, "warranty_id": warranties[:1].id, "state": "authorised"}
            ),
            "sold on": lambda: unit._change_owner(self.business, day),
            "sold on, kept": lambda: unit._change_owner(self.business, day, keep_cover="Agreed"),
            "repaired": lambda: warranties._register_repair(day, day),
            "replaced": lambda: unit._replace_with(self._create_unit(serial="T2", delivery_date=day), day),
        }
        happen[event]()
        return unit.replaced_by_id or unit

    def _prepare(self, terms, asked):
        for term in terms:
            if isinstance(term, dict):
                self._offer(term)
        owner = {"business": self.business, None: self.env["res.partner"]}.get(
            asked.get("owner", ""), self.consumer
        )
        if owner:
            owner.country_id = self.env.ref(asked["country"]) if "country" in asked else False
        unit = self._create_unit(
            serial="T1",
            partner_id=owner.id,
            delivery_date=asked.get("delivery_date", date(2024, 3, 10)),
            manufacture_date=asked.get("manufacture_date"),
        )
        for event in terms:
            if event == "component":
                unit = self._create_unit(
                    product_id=self.pump.id, parent_id=unit.id, delivery_date=unit.delivery_date
                )
            elif isinstance(event, str):
                unit = self._happen(unit, event)
        return unit

    def _ask(self, unit, asked):
        product, fault = asked.get("product"), asked.get("fault")
        request = CoverageRequest(
            "k",
            self.company.id,
            unit.partner_id.id,
            unit.id,
            self[product].id if product else False,
            asked.get("cost_class", "part"),
            asked.get("day", date(2024, 12, 1)),
            self.faults[fault].id if fault else False,
        )
        return self.env["after.sales.coverage"]._resolve([request])["k"]

    def test_table(self):
        names = [row[0] for row in TABLE]
        self.assertEqual(len(names), len(set(names)), "each row has a name of its own")
        self.assertGreaterEqual(len(TABLE), 60)
        for name, terms, asked, expected in TABLE:
            with self.subTest(name), self.cr.savepoint() as savepoint:
                decision = self._ask(self._prepare(terms, asked), asked)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
                self.assertEqual((decision.covered_share, decision.regime, decision.rule), expected)
                self.assertTrue(decision.reason, "every decision says why")
