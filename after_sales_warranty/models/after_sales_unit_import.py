from psycopg2 import Error as DatabaseError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.models import fix_import_export_id_paths
from odoo.tools.lru import LRU

#: Rows created at once; a failing batch is halved until the guilty row is alone.
BATCH = 500


class AfterSalesUnitImport(models.AbstractModel):
    """Loads every good row of a file and names every bad one with its reason.

    ``load`` of Odoo is all or nothing. In the import screen of Odoo this model tests and imports row
    by row: the test shows the bad rows, the import loads the others and keeps the bad ones in an
    ``after.sales.import`` from which they are downloaded, corrected and imported again.
    """

    _name = "after.sales.unit.import"
    _description = "Import of Installed Units, Row by Row"

    @api.model
    def load(self, fields, data):
        source = self.env.context.get("after_sales_import")
        if not source:
            return super().load(fields, data)
        # One message per unit says nothing that the import does not say.
        self = self.with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True)
        limit = self.env.context.get("_import_limit") or len(data)
        rows = data[:limit]
        loaded, bad = self._load_rows(fields, rows)
        if not source["dryrun"]:
            self._report_import(source, rows, loaded, bad)
        return {
            "ids": loaded,
            "messages": self._prepare_import_messages(bad) if source["dryrun"] else [],
            "nextrow": limit if len(data) > limit else 0,
        }

    # === STEPS === #

    @api.model
    def _load_rows(self, fields, rows):
        """Convert, check and create: (ids created, {row index: reasons})."""
        batch, bad = self._convert_rows(fields, rows)
        for index, reason in self._find_bad_rows(batch).items():
            bad.setdefault(index, []).append(reason)
        batch = [item for item in batch if item["index"] not in bad]
        loaded = []
        for start in range(0, len(batch), BATCH):
            loaded += self._create_rows(batch[start : start + BATCH], bad)
        return loaded, bad

    @api.model
    def _convert_rows(self, field_names, rows):
        """Text to values, by Odoo's own converters; what they refuse is bad."""
        bad = {}

        def log(message):
            bad.setdefault(message["rows"]["from"], []).append(message["message"])

        paths = [fix_import_export_id_paths(name) for name in field_names]
        converter = self.with_context(
            _import_current_module="__import__",
            import_flush=lambda **kw: None,
            import_cache=LRU(4096),
            after_sales_import_memo={},
        )
        extracted = converter._extract_records(paths, rows, log=log)
        batch = []
        with self.env.cr.savepoint() as savepoint:
            for dbid, xid, values, info in converter._convert_records(
                extracted, log=log, savepoint=savepoint
            ):
                if dbid:
                    values["id"] = dbid
                index = info["rows"]["from"]
                if not self._is_skipped(values):
                    xml_id = f"__import__.{xid}" if xid and "." not in xid else xid
                    batch.append({"index": index, "xml_id": xml_id, "values": values})
        return [item for item in batch if item["index"] not in bad], bad

    @api.model
    def _is_skipped(self, values):
        return any(values.get(name) is None for name in self.env.context.get("import_skip_records") or [])

    @api.model
    def _find_bad_rows(self, batch):
        """{row index: reason} of rows that cannot be units, found for all at once."""
        today, bad = fields.Date.context_today(self), {}
        partners = self.env["res.partner"].browse(
            {item["values"].get("partner_id") or 0 for item in batch} - {0}
        )
        strangers = {partner.id: partner for partner in partners if partner.company_id}
        taken, seen = self._find_taken_serials(batch), {}
        for item in batch:
            values, index = item["values"], item["index"]
            company = values.get("company_id") or self.env.company.id
            owner = strangers.get(values.get("partner_id"))
            key = (values.get("product_id"), values.get("serial"), company)
            if not values.get("product_id") and not item["xml_id"] and "id" not in values:
                bad[index] = self.env._("The product is missing.")
            elif owner and owner.company_id.id != company:
                bad[index] = self.env._("The owner %s belongs to another company.", owner.display_name)
            elif (values.get("delivery_date") or "") > str(today):
                bad[index] = self.env._("The delivery date %s is in the future.", values["delivery_date"])
            elif key in taken and not item["xml_id"] and "id" not in values:
                bad[index] = self.env._("Serial number %s is in service already.", values["serial"])
            elif values.get("serial") and key in seen:
                bad[index] = self.env._("Serial number %s comes twice in the file.", values["serial"])
            else:
                seen[key] = index
        return bad

    @api.model
    def _find_taken_serials(self, batch):
        """(product, serial, company) of the units in service that rows of the batch would repeat."""
        for item in batch:
            if isinstance(item["values"].get("serial"), str):
                item["values"]["serial"] = item["values"]["serial"].strip()
        serials = {item["values"].get("serial") for item in batch} - {None, False, ""}
        groups = self._read_group(
            [("serial", "in", list(serials)), ("has_serial", "=", True), ("state", "!=", "ended")],
            ["product_id", "serial", "company_id"],
        )
        return {(product.id, serial, company.id) for product, serial, company in groups}

    @api.model
    def _create_rows(self, batch, bad):
        """Create a batch; if it fails, its halves, down to the row that is guilty."""
        if not batch:
            return []
        data_list = [
            {"xml_id": item["xml_id"], "values": dict(item["values"]), "noupdate": False} for item in batch
        ]
        try:
            with self.env.cr.savepoint():
                return self._load_records(data_list, self.env.context.get("mode") == "update").ids
        except (UserError, AccessError, ValueError, DatabaseError) as error:
            self.env.invalidate_all(flush=False)
            if len(batch) == 1:
                bad.setdefault(batch[0]["index"], []).append(self._explain_import_error(error))
                return []
        half = len(batch) // 2
        return self._create_rows(batch[:half], bad) + self._create_rows(batch[half:], bad)

    @api.model
    def _explain_import_error(self, error):
        if isinstance(error, DatabaseError):
            return self._sql_error_to_message(error)
        return str(error)

    # === RESULT === #

    @api.model
    def _prepare_import_messages(self, bad):
        return [
            {
                "type": "error",
                "message": reason,
                "record": index,
                "rows": {"from": index, "to": index},
            }
            for index, reasons in sorted(bad.items())
            for reason in reasons
        ]

    @api.model
    def _report_import(self, source, rows, loaded, bad):
        """Keep the result of this part of the file, and tell the user when rows were left out."""
        # Written by the import, read by whoever imports.
        report_sudo = self.env["after.sales.import"].sudo()
        report = report_sudo.search(
            [
                ("import_ref", "=", source["ref"]),
                ("user_id", "=", self.env.uid),
                ("create_date", ">=", fields.Date.today()),
            ],
            limit=1,
        )
        if not report:
            report = report_sudo.create(
                {
                    "name": source["name"],
                    "import_ref": source["ref"],
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "header": source["header"],
                }
            )
        report.loaded_count += len(loaded)
        report.row_ids = [
            fields.Command.create(
                {
                    "number": source["first_row"] + index,
                    "reason": "\n".join(dict.fromkeys(reasons)),
                    "values": [str(value) if value is not None else "" for value in rows[index]],
                }
            )
            for index, reasons in sorted(bad.items())
        ]
        if bad:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "sticky": True,
                    "title": self.env._("Some rows were not imported"),
                    "message": self.env._(
                        "%(count)s rows of %(file)s were left out. Find them with their reasons under"
                        " After-Sales, Installed Base, Imports.",
                        count=len(bad),
                        file=source["name"],
                    ),
                },
            )
