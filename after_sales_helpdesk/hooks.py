def uninstall_hook(env):
    """Take away what was made for each company without an external id, as far as nothing of the company's hangs on it.

    Parts that are kept for visits to come are given back to the stock. Receipts that were made stay as Odoo's own
    documents, and so do their operation type and location, archived.
    """
    env["after.sales.intervention.part"].search([("reserve_move_id", "!=", False)])._release()
    companies = env["res.company"].with_context(active_test=False).search([])
    types = companies.after_sales_receipt_type_id | companies.after_sales_handback_type_id
    locations = companies.after_sales_goods_location_id | companies.after_sales_loan_location_id
    companies.write(
        dict.fromkeys(
            (
                "after_sales_receipt_type_id",
                "after_sales_handback_type_id",
                "after_sales_goods_location_id",
                "after_sales_loan_location_id",
            ),
            False,
        )
    )
    used = env["stock.picking"].search([("picking_type_id", "in", types.ids)]).picking_type_id
    lines = env["stock.move.line"].search(
        ["|", ("location_id", "in", locations.ids), ("location_dest_id", "in", locations.ids)]
    )
    kept = (lines.location_id | lines.location_dest_id | used.default_location_dest_id) & locations
    sequences = (types - used).sequence_id
    (types - used).unlink()
    sequences.unlink()
    (locations - kept).unlink()
    used.action_archive()
    kept.action_archive()
    # Odoo drops the columns of an addon, but not an index that the addon asked for on somebody else's column.
    env.cr.execute("DROP INDEX IF EXISTS res_partner__phone_sanitized_index")
