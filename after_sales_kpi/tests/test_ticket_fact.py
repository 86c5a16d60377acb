import random
from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from ..tools import first_time_fix
from .common import AfterSalesKpiCommon

FACT = "after.sales.ticket.fact"


@tagged("post_install", "-at_install")
class TestTicketFact(AfterSalesKpiCommon):
    def test_open_calls_by_age(self):
        for days in (0, 1, 5, 40):
            self._call(self._ago(days))
        self._call(self._ago(50), state="cancelled")
        self._call(self._ago(50), done=self._ago(49))
        rows = self._facts(FACT, self.agent)._read_group(
            [("is_open", "=", True)], ["age_band"], ["open_count:sum", "age_days:max"]
        )
        self.assertEqual(rows, [("00", 2, 1), ("03", 1, 5), ("31", 1, 40)])
        self.assertEqual(self._one(FACT, [], ["call_count:sum"]), (5,), "a cancelled call is no call")

    def test_days_are_local_to_the_company(self):
        """22:30 UTC on 31 March is 1 April in Rome, whoever looks."""
        ticket = self._call(datetime(2026, 3, 31, 22, 30))
        self.agent.tz = "America/New_York"
        fact = self._facts(FACT, self.agent).browse(ticket.id)
        self.assertEqual(fact.date_reported, date(2026, 4, 1))
        [(month, count)] = self._facts(FACT, self.agent)._read_group([], ["date_reported:month"], ["__count"])
        self.assertEqual((fields.Date.to_date(month), count), (date(2026, 4, 1), 1))

    def test_worked_time_to_repair(self):
        """Reported Mon 09:00, waiting for the customer Mon 12:00 to Tue 12:00, resolved Wed 11:00:
        elapsed 50 h, waiting 24 h, net 26 h."""
        ticket = self._call(datetime(2026, 3, 2, 9), done=datetime(2026, 3, 4, 11))
        pause = (
            self.env["after.sales.ticket.pause"]
            .sudo()
            .create(self._pause_vals(ticket, datetime(2026, 3, 2, 12)))
        )
        pause.stop = datetime(2026, 3, 3, 12)
        fact = self._facts(FACT).browse(ticket.id)
        self.assertAlmostEqual(fact.elapsed_hours, 50.0)
        self.assertAlmostEqual(fact.waiting_hours, 24.0)
        self.assertAlmostEqual(fact.net_hours, 26.0)

    def _pause_vals(self, ticket, start):
        return {"ticket_id": ticket.id, "start": start, "reason": "customer"}

    def test_waiting_counts_within_the_call_only(self):
        """A wait that is still open, or was noted after the end, never makes the net time negative."""
        ticket = self._call(datetime(2026, 3, 2, 9), done=datetime(2026, 3, 2, 13))
        pause = (
            self.env["after.sales.ticket.pause"]
            .sudo()
            .create(self._pause_vals(ticket, datetime(2026, 3, 2, 12)))
        )
        self.assertAlmostEqual(self._facts(FACT).browse(ticket.id).net_hours, 3.0)
        pause.write({"start": datetime(2026, 3, 2, 15), "stop": datetime(2026, 3, 2, 18)})
        self.env.invalidate_all()
        self.assertAlmostEqual(self._facts(FACT).browse(ticket.id).net_hours, 4.0)

    def test_mean_is_never_a_mean_of_means(self):
        """One call of 10 h in January, three of 2 h in February: the mean of both months is 4 h, not 6 h."""
        self._call(datetime(2026, 1, 12, 8), done=datetime(2026, 1, 12, 18))
        for __ in range(3):
            self._call(datetime(2026, 2, 10, 8), done=datetime(2026, 2, 10, 10))
        facts = self._facts(FACT)
        rows = facts._read_group([], ["date_done:month"], ["mean_elapsed_hours:avg"])
        self.assertEqual([value for __, value in rows], [10.0, 2.0])
        self.assertEqual(self._one(FACT, [], ["mean_elapsed_hours:avg"]), (4.0,))

    def test_empty_when_nothing_is_measured(self):
        self._call(self._ago(1))
        value, count = self._one(FACT, [], ["fix_rate:avg", "fix_measured:sum"])
        self.assertEqual(count, 0)
        self.assertIsNone(value or None)
        [group] = self._facts(FACT).formatted_read_group([], [], ["fix_rate:avg", "satisfaction:avg"])
        self.assertFalse(group["fix_rate:avg"])
        self.assertFalse(group["satisfaction:avg"])

    def test_worked_first_time_fix(self):
        """The 10 closed repairs of the worked check: base 8, first time 5, 62.5 %."""
        done = datetime(2026, 1, 10, 12)
        units = [self._create_unit(f"FTF{number}", covered=False) for number in range(10)]
        tickets = [
            self._call(done - timedelta(hours=4), done=done, unit_id=unit.id, fault_id=self.leak.id)
            for unit in units
        ]
        self._visit(tickets[7], outcome="customer_absent")
        self._visit(tickets[7])
        self._visit(tickets[8], outcome="second_visit")
        self._visit(tickets[8])
        self._visit(tickets[9])
        self._visit(tickets[9])
        for ticket in tickets[:6]:
            self._visit(ticket)
        for ticket in tickets[5:7]:  # help on the telephone is no visit
            help_given = self._visit(ticket, outcome=False, is_remote=True)
        self.assertEqual(self._facts("after.sales.intervention.fact").browse(help_given.id).due, 0)
        self._call(done + timedelta(days=12), unit_id=units[0].id, fault_id=self.drip.id)
        self._call(done + timedelta(days=45), unit_id=units[1].id, fault_id=self.leak.id)
        fixed, measured, remote, rate = self._one(
            FACT,
            [("date_done", "=", "2026-01-10")],
            ["first_time_fix:sum", "fix_measured:sum", "remote_fix:sum", "fix_rate:avg"],
            user=self.agent,
        )
        self.assertEqual((fixed, measured, remote, rate), (5, 8, 1, 62.5))
        reasons = dict(self._facts(FACT)._read_group([("resolved", "=", 1)], ["fix_reason"], ["__count"]))
        self.assertEqual(reasons, {"fixed": 5, "follow_up": 2, "repeated": 1, "absent": 1, "remote": 1})

    def test_another_fault_is_no_repeat(self):
        unit = self._create_unit("FTF-X", covered=False)
        done = self._ago(20)
        ticket = self._call(self._ago(21), done=done, unit_id=unit.id, fault_id=self.leak.id)
        self._visit(ticket)
        self._call(self._ago(10), unit_id=unit.id, fault_id=self.noise.id)
        fact = self._facts(FACT).browse(ticket.id)
        self.assertEqual((fact.fix_reason, fact.is_provisional), ("fixed", True))
        self._call(self._ago(5), unit_id=unit.id)
        fact.invalidate_recordset()
        self.assertEqual(
            (fact.fix_reason, fact.is_provisional), ("repeated", False), "an unknown fault is a repeat"
        )

    def test_window_is_data(self):
        unit = self._create_unit("FTF-W", covered=False)
        ticket = self._call(datetime(2026, 1, 5, 8), done=datetime(2026, 1, 5, 12), unit_id=unit.id)
        self._visit(ticket)
        self._call(datetime(2026, 1, 26, 8), unit_id=unit.id)
        fact = self._facts(FACT).browse(ticket.id)
        self.assertEqual(fact.fix_reason, "repeated")
        self.env.ref("after_sales_kpi.after_sales_kpi_first_time_fix").window_days = 14
        fact.invalidate_recordset()
        self.assertEqual(fact.fix_reason, "fixed")

    def test_view_follows_the_pure_rule(self):
        """Sixty random histories: the view and the rule say the same of each call."""
        dice = random.Random(7)
        units = [self._create_unit(f"RND{number}", covered=False) for number in range(4)]
        faults = [self.leak, self.drip, self.noise, self.env["after.sales.fault"]]
        installation = self.env.ref("after_sales_contract.after_sales_service_installation")
        jobs, today = [], self._today()
        for __ in range(60):
            unit, fault = dice.choice([*units, self.env["after.sales.unit"]]), dice.choice(faults)
            service = installation if dice.random() < 0.15 else self.repair
            reported = self._ago(dice.randint(25, 100))
            done = reported + timedelta(days=dice.randint(0, 15)) if dice.random() < 0.8 else None
            ticket = self._call(
                reported, done=done, unit_id=unit.id, fault_id=fault.id, service_id=service.id
            )
            outcomes = dice.choice(
                [[], ["solved"], ["solved"], ["second_visit", "solved"], ["customer_absent"]]
            )
            for outcome in outcomes if done else []:
                self._visit(ticket, outcome=outcome)
            jobs.append(
                first_time_fix.Job(
                    key=ticket.id,
                    unit=unit.id or None,
                    family=int(fault.parent_path.split("/")[0]) if fault else None,
                    reported=reported.date(),
                    done=done and done.date(),
                    visits=sum(outcome != "customer_absent" for outcome in outcomes),
                    absent="customer_absent" in outcomes,
                    repair=service == self.repair,
                )
            )
        facts = {fact.id: fact for fact in self._facts(FACT).search([])}
        for job in jobs:
            fact = facts[job.key]
            if not job.done:
                self.assertFalse(fact.fix_reason)
                continue
            verdict = first_time_fix.judge(job, jobs, today)
            self.assertEqual(
                (fact.fix_reason, fact.is_provisional), (verdict.reason, verdict.provisional), job
            )

    def test_satisfaction_last_answer_wins(self):
        tickets = [self._call(self._ago(5), done=self._ago(4)) for __ in range(4)]
        for ticket, scores in zip(tickets, ((1, 5), (4,), (3,), ()), strict=True):
            for score in scores:
                self.env["rating.rating"].sudo().create(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("after.sales.ticket"),
                        "res_id": ticket.id,
                        "rating": score,
                        "consumed": True,
                    }
                )
                self.env.flush_all()
        satisfied, rated, value = self._one(
            FACT, [], ["satisfied:sum", "rated:sum", "satisfaction:avg"], user=self.agent
        )
        self.assertEqual((satisfied, rated), (2, 3))
        self.assertAlmostEqual(value, 200 / 3)

    def test_open_record(self):
        ticket = self._call(self._ago(1))
        action = self._facts(FACT, self.agent).browse(ticket.id).action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("after.sales.ticket", ticket.id))
