"""Actions that more than one addon needs."""


def open_records(records):
    """The action that shows these records: the form of a single one, else their list."""
    action = {
        "type": "ir.actions.act_window",
        "name": records._description,
        "res_model": records._name,
        "view_mode": "list,form",
        "domain": [("id", "in", records.ids)],
        "context": {"create": False},
    }
    if len(records) == 1:
        action.update({"view_mode": "form", "res_id": records.id})
    return action
