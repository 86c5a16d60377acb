"""What the headers of a mail tell about its sender, without the ORM."""

import re
from collections.abc import Iterable, Mapping

MARKS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder")

PROVIDERS = frozenset(
    "gmail.com googlemail.com outlook.com outlook.it hotmail.com hotmail.it live.com live.it msn.com yahoo.com "
    "yahoo.it icloud.com me.com aol.com gmx.com gmx.net libero.it virgilio.it tiscali.it alice.it tin.it email.it "
    "fastwebnet.it pec.it legalmail.it mail.ru bk.ru inbox.ru list.ru yandex.ru ya.ru yandex.com rambler.ru "
    "proton.me protonmail.com".split()
)
"""Where everybody may have an address."""


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


def is_forged(results: Iterable[str]) -> bool:
    """True when our mail server found that the sender is not who he says (``Authentication-Results``, RFC 8601).

    A domain that publishes no policy cannot be judged; a forged header can only harm who forged it.

    >>> is_forged(["mx.example.com; dkim=fail; spf=softfail; dmarc=fail (p=REJECT) header.from=bank.example"])
    True
    >>> is_forged(["mx.example.com; spf=pass; dmarc=pass", "mx.example.com; dmarc=none"]), is_forged([])
    (False, False)
    """
    return any(re.search(r"\bdmarc\s*=\s*fail\b", result, re.IGNORECASE) for result in results)


def is_same_house(first: str, second: str) -> bool:
    """True for two addresses of the same organisation; the big public providers are nobody's house.

    >>> is_same_house("ann@acme.example", "Bob@ACME.example"), is_same_house("ann@gmail.com", "bob@gmail.com")
    (True, False)
    >>> is_same_house("ann@acme.example", ""), is_same_house("", "")
    (False, False)
    """
    houses = {address.rpartition("@")[2].strip().lower() for address in (first, second)}
    return len(houses) == 1 and "" not in houses and not houses & PROVIDERS
