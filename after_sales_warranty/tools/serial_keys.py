"""Serial numbers as people write them: the keys under which a typed one finds the one on record."""

import unicodedata
from difflib import SequenceMatcher

#: Letters that look like a digit or like a Latin letter on a plate, and what they are read as. The second
#: line is Cyrillic: a Russian keyboard writes the same plate with other letters.
LOOKALIKES = str.maketrans(
    "OQILАВЕКМНОРСТУХІ",
    "0011ABEKMH0PCTYX1",
)


def compact(serial: str | None) -> str:
    """The serial without case, accents, spaces and dashes; what holds no letter or digit stays as it is.

    >>> compact(" b24-000 123/é ")
    'B24000123E'
    >>> compact("---"), compact(None), compact("  ")
    ('---', '', '')
    """
    text = unicodedata.normalize("NFKD", serial or "").upper()
    return "".join(c for c in text if c.isalnum()) or text.strip()


def key(serial: str | None) -> str:
    """What serials have in common that a person may take for each other: letter O and zero, I, L and one.

    >>> key("SN-O12I") == key("sn 0121") == key("SNO12l")
    True
    >>> key("СН-001"), key("CH001")
    ('CH001', 'CH001')
    >>> key(""), key("SN-1") == key("SN-2")
    ('', False)
    """
    return compact(serial).translate(LOOKALIKES)


def likeness(typed: str, serial: str) -> float:
    """How much two serials are alike, from 0 to 1, whatever the case, the dashes and the lookalikes.

    >>> likeness("SN-0123", "sn 0123"), likeness("SN0123", "XYZ")
    (1.0, 0.0)
    >>> likeness("SN0123", "SN0132") > likeness("SN0123", "SN9999")
    True
    """
    return SequenceMatcher(None, key(typed), key(serial)).ratio()


def halves(serial: str) -> tuple[str, str]:
    """The two halves of a key: one wrong, missing or swapped character leaves one of them intact.

    >>> halves("SN-012345")
    ('SN01', '2345')
    """
    text = key(serial)
    middle = (len(text) + 1) // 2
    return text[:middle], text[middle:]


def escape_like(text: str) -> str:
    """Text to be searched as it is, whatever wildcards it holds.

    >>> escape_like("50%_a")
    '50\\\\%\\\\_a'
    """
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
