"""What the headers of a mail tell about its sender, without the ORM."""

from collections.abc import Mapping

MARKS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder")


def is_auto_reply(headers: Mapping[str, str]) -> bool:
    """True for a machine's answer (out of office, receipt of another helpdesk), which must never open a call.

    Mail made by a machine on its own initiative, such as an alarm, is no answer and may open one (RFC 3834).

    >>> is_auto_reply({"Auto-Submitted": "auto-replied (vacation)"})
    True
    >>> is_auto_reply({"Auto-Submitted": "auto-generated", "In-Reply-To": "<1@example.com>"})
    True
    >>> is_auto_reply({"Auto-Submitted": "auto-generated"}), is_auto_reply({"Auto-Submitted": "no"})
    (False, False)
    >>> is_auto_reply({"Precedence": "auto_reply"}), is_auto_reply({"X-Autoreply": "yes"}), is_auto_reply({})
    (True, True, False)
    """
    submitted = (headers.get("Auto-Submitted") or "").strip().lower()
    if submitted.startswith("auto-replied"):
        return True
    if submitted.startswith("auto-") and headers.get("In-Reply-To"):
        return True
    if (headers.get("Precedence") or "").strip().lower() == "auto_reply":
        return True
    return any(headers.get(mark) for mark in MARKS)
