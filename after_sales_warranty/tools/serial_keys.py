"""Serial numbers as people write them: the keys under which a typed one finds the one on record."""

import re
import unicodedata
from difflib import SequenceMatcher
from itertools import islice

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


#: A shorter word, or a shorter number, is rather something else than a serial: a model, a floor, a year, a postcode.
SHORTEST_WORD, SHORTEST_NUMBER = 4, 6
MOST_WORDS = 300
DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")


def words(text: str | None, most: int = MOST_WORDS) -> list[str]:
    """Words of a text, compacted, that may be serial numbers: each once, in order, of a long text the first ones.

    A word holds a digit; a list written without spaces is taken as a whole and by its parts. Short words, short
    numbers and dates are left out.

    >>> words("Boiler (s/n SN-401), bought 12/03/2024 or 2024-03-12 for 1200 EUR: E03 again, see sn-401.")
    ['SN401']
    >>> words("SN-401/SN-402;SN-403"), words("Nr. 00123456 / 12345, machine"), words("A1"), words(None)
    (['SN401SN402SN403', 'SN401', 'SN402', 'SN403'], ['00123456'], [], [])
    >>> words("SN-1001 SN-1002 SN-1003", most=2)
    ['SN1001', 'SN1002']
    """
    return list(islice(dict.fromkeys(filter(_may_be_serial, _pieces(text or ""))), most))


def _pieces(text):
    for written in text.split():
        parts = [part for part in re.split(r"[/,;:|=()\[\]<>\"']+", written) if part]
        if not any(DATE.fullmatch(piece.strip(".,;:()")) for piece in (written, *parts)):
            yield compact(written)
            if len(parts) > 1:
                yield from map(compact, parts)


def _may_be_serial(word):
    shortest = SHORTEST_NUMBER if word.isdigit() else SHORTEST_WORD
    return len(word) >= shortest and any(c.isdigit() for c in word)
