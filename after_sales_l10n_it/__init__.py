from . import models, wizard


def post_init_hook(env):
    """Hand-backs of Italian companies that were there before get their own series of numbers."""
    companies = env["res.company"].with_context(active_test=False).search([])
    companies.after_sales_handback_type_id._ensure_ddt_sequence()


def uninstall_hook(env):
    """Series that numbered nothing go; the others stay with the documents that they numbered."""
    env["res.company"].with_context(active_test=False).search([])._drop_unused_ddt_sequences()
