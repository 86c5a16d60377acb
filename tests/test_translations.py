"""No string is missing from the templates, and no text that one reader saw in his language is shown to the next."""

import inspect
import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

CHECKOUT = Path(__file__).resolve().parents[1]


@tagged("post_install", "-at_install")
class TestTemplates(TransactionCase):
    def test_templates_are_of_now(self):
        names = sorted(p.parent.name for p in CHECKOUT.glob("after_sales_*/__manifest__.py"))
        for name in (
            self.env["ir.module.module"]
            .search([("name", "in", names), ("state", "=", "installed")])
            .mapped("name")
        ):
            with self.subTest(name), io.BytesIO() as buffer:
                trans_export(False, [name], buffer, "po", self.env)
                exported = {e.msgid for e in polib.pofile(buffer.getvalue().decode())}
                template = CHECKOUT / name / "i18n" / f"{name}.pot"
                self.assertTrue(template.exists(), f"{template.name} is missing: setup/translate writes it")
                kept = {e.msgid for e in polib.pofile(str(template))}
                self.assertFalse(exported - kept, "strings of the code that setup/translate has not seen")
                self.assertFalse(kept - exported, "no longer in the code")


@tagged("post_install", "-at_install")
class TestReaders(TransactionCase):
    """A text that is computed in a reader's language is kept by language: one letter may follow another in a job."""

    WORDS = re.compile(
        r"env\._\(|_description_selection|format_(date|datetime|amount)\(|_ids?\.display_name|mapped\(.display_name"
    )

    CALLS = re.compile(r"\b\w+\.(_\w+)\(")

    def _depends_on_language(self, field):
        """Whether something the field depends on, along the way too, is read in a language."""
        for path in self.env.registry.field_depends[field]:
            model = self.env[field.model_name]
            for name in path.split("."):
                step = model._fields[name]
                if step.translate or "lang" in self.env.registry.field_depends_context[step]:
                    return True
                model = self.env[step.comodel_name] if step.relational else None
        return False

    def _get_sources(self, model, name, depth=2):
        """The text of a method in our code, overrides too, and of the methods of the same model that it calls."""
        methods = [vars(base).get(name) for base in type(model).mro()]
        for method in filter(inspect.isfunction, methods):
            if CHECKOUT in Path(inspect.getsourcefile(method)).resolve().parents:
                yield (source := inspect.getsource(method))
                for helper in set(self.CALLS.findall(source)) if depth else ():
                    yield from self._get_sources(model, helper, depth - 1)

    def test_texts_are_kept_by_language(self):
        checked, mixed = 0, []
        for model in self.env.values():
            for field in model._fields.values():
                if (
                    field.store
                    or field.related
                    or not isinstance(field.compute, str)
                    or field.type not in ("char", "text", "html")
                ):
                    continue
                sources = "".join(self._get_sources(model, field.compute))
                if not sources:
                    continue
                checked += 1
                if "lang" in self.env.registry.field_depends_context[field]:
                    continue
                if self.WORDS.search(sources) or self._depends_on_language(field):
                    mixed.append(str(field))
        self.assertGreater(checked, 50)
        self.assertFalse(mixed, 'their compute methods need @api.depends_context("lang")')
