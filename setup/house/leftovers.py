"""What an uninstall must take away again: everything the database knows about itself, compared with before."""

import re

# title: statement that gives one text a row
QUERIES = {
    "table": "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm')",
    "column": "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'",
    "index": "SELECT tablename || '.' || indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint WHERE conrelid > 0",
    "database sequence": "SELECT relname FROM pg_class WHERE relkind = 'S'",
    "function": "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "selection": "SELECT f.model || '.' || f.name || '.' || s.value FROM ir_model_fields_selection s"
    " JOIN ir_model_fields f ON f.id = s.field_id",
    "external id": "SELECT module || '.' || name FROM ir_model_data",
    "access": "SELECT name FROM ir_model_access",
    "rule": "SELECT name || ' (' || id || ')' FROM ir_rule",
    "group": "SELECT id || ' ' || (name ->> 'en_US') FROM res_groups",
    "menu": "SELECT id || ' ' || (name ->> 'en_US') FROM ir_ui_menu",
    "view": "SELECT id || ' ' || name FROM ir_ui_view",
    "action": "SELECT id || ' ' || (name ->> 'en_US') FROM ir_actions",
    "cron": "SELECT cron_name FROM ir_cron",
    "sequence": "SELECT id || ' ' || name FROM ir_sequence",
    "default": "SELECT id || ' ' || json_value FROM ir_default",
    "config parameter": "SELECT key FROM ir_config_parameter",
    "mail template": "SELECT id || ' ' || (name ->> 'en_US') FROM mail_template",
    "message subtype": "SELECT id || ' ' || (name ->> 'en_US') FROM mail_message_subtype",
    "activity type": "SELECT id || ' ' || (name ->> 'en_US') FROM mail_activity_type",
    "alias": "SELECT id || ' ' || coalesce(alias_name, '') FROM mail_alias",
    "product": "SELECT id || ' ' || (name ->> 'en_US') FROM product_template",
    "user": "SELECT login FROM res_users",
}
# Not ours: a mixin of Odoo leaves these names when a model that used it goes (its own repair addon leaves the same), and
# the list of known modules grows with what lies in the addons folders.
NOT_OURS = re.compile(
    r"external id (?!after_sales_)\w+\.(selection|model_inherit)__after_sales_|external id base\.module_"
)


def snapshot(server, database):
    """Return {title: set of texts} of a database; a table that is not there has nothing in it."""
    names = {
        row[0] for row in server.rows("SELECT relname FROM pg_class WHERE relkind = 'r'", database=database)
    }
    result = {}
    for title, query in QUERIES.items():
        table = query.split(" FROM ")[1].split()[0]
        if table in names or "." in table or table.startswith("pg_"):
            result[title] = {row[0] for row in server.rows(query, database=database)}
    return result


def differences(before, after):
    """Return a line for everything that is there after and was not before, and for what is gone."""
    lines = []
    for title, known in after.items():
        lines += [f"left behind: {title} {text}" for text in sorted(known - before.get(title, set()))]
        lines += [f"taken away: {title} {text}" for text in sorted(before.get(title, set()) - known)]
    return [line for line in lines if not NOT_OURS.search(line)]


def uninstall_script(names):
    """Return the shell script that uninstalls our addons, leaves first, as the Apps page does."""
    return f"""
from odoo.modules.registry import Registry
name = env.cr.dbname
env.cr.commit()
for module in {list(reversed(names))!r}:
    with Registry(name).cursor() as cr:
        record = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {{}})["ir.module.module"].search([("name", "=", module)])
        record.button_immediate_uninstall()
    with Registry(name).cursor() as cr:
        record = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {{}})["ir.module.module"].search([("name", "=", module)])
        if record.state != "uninstalled":
            raise SystemExit(f"{{module}} is {{record.state}} after its uninstall")
"""
