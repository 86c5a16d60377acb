"""What a mail tells about its sender, and how its text is read, without the ORM."""

import codecs
import re
from collections.abc import Iterable, Mapping
from email.message import EmailMessage

MARKS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder")

PROVIDERS = frozenset(
    "gmail.com googlemail.com outlook.com outlook.it hotmail.com hotmail.it live.com live.it msn.com yahoo.com "
    "yahoo.it icloud.com me.com aol.com gmx.com gmx.net libero.it virgilio.it tiscali.it alice.it tin.it email.it "
    "fastwebnet.it pec.it legalmail.it mail.ru bk.ru inbox.ru list.ru yandex.ru ya.ru yandex.com rambler.ru "
    "proton.me protonmail.com".split()
)
"""Where everybody may have an address."""

DECODED = frozenset("multipart message audio image video application".split())
"""The kinds of parts, beside text, that Python's parser knows to decode (``email.contentmanager``)."""


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


def make_readable(message: EmailMessage) -> None:
    """Give the parts of a mail that nobody can decode a charset, or a type, with which they can be read.

    Mailers name charsets that do not exist, and types of files that Python's parser does not know.

    >>> from email import message_from_bytes, policy
    >>> def read(kind, body):
    ...     mail = message_from_bytes(b"Content-Type: %s\\n\\n%s" % (kind, body), policy=policy.SMTP)
    ...     make_readable(mail)
    ...     return mail.get_content()
    >>> read(b"text/plain; charset=x-unknown", "perché".encode()), read(b"text/plain; charset=foo", b"perch\\xe9")
    ('perché', 'perché')
    >>> read(b"text/plain; charset=utf-8", b"perch\\xe9"), read(b"model/step; name=part.step", b"ISO-10303-21")
    ('perch\ufffd', b'ISO-10303-21')
    """
    for part in message.walk():
        kind = part.get_content_maintype()
        if kind == "text":
            try:
                part.get_content()
            except (LookupError, ValueError):
                data = part.get_payload(decode=True)
                part.set_param("charset", guess_charset(data, part.get_param("charset")))
        elif kind not in DECODED:
            part.set_type("application/octet-stream")


def guess_charset(data: bytes, name: object = "") -> str:
    """The charset of text that came with a name nobody knows.

    >>> guess_charset("perché".encode(), "x-unknown"), guess_charset(b"perch\\xe9", "x-unknown")
    ('utf-8', 'cp1252')
    >>> guess_charset("не греет".encode("cp1251"), "win-1251"), guess_charset(b"\\xe9", "ISO8859_5-foo")
    ('cp1251', 'iso8859-5')
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if found := re.search(r"(125\d)|8859\D?(\d+)", str(name)):
            guess = f"cp{found[1]}" if found[1] else f"iso8859-{found[2]}"
            return guess if _is_charset(guess) else "cp1252"
        return "cp1252"
    return "utf-8"


def _is_charset(name: str) -> bool:
    try:
        return bool(codecs.lookup(name))
    except LookupError:
        return False
