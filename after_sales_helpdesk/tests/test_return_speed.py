from odoo.tests import tagged, warmup

from .common_workshop import WorkshopCommon

AUTHORISE_AND_RECEIVE = 66
"""Statements of a return authorised and received, of the 110 that the whole with its credit may take (OCA rma: 283). 57
alone, some more beside other data. The credit itself is billing's."""


@tagged("post_install", "-at_install")
class TestReturnSpeed(WorkshopCommon):
    @warmup
    def test_return_authorised_and_received(self):
        __, units = self._sold_units("M-1", "M-2")
        self.quick_policy.outcome = "refund"
        for unit in units:
            record = self._create_return(unit, policy_id=self.quick_policy.id)
            line = record.line_ids
            self.env.flush_all()
            if unit == units[0]:  # fills the caches
                record.action_authorise()
                line._receive([(1.0, unit.serial)])
                continue
            with self.assertQueryCount(AUTHORISE_AND_RECEIVE):
                record.action_authorise()
                line._receive([(1.0, unit.serial)])
                self.env.flush_all()
            self.assertEqual(line.state, "accepted")
