"""Words that make a hazard sound smaller than it is."""

import re


def find_softening(text: str, terms: list[str]) -> list[str]:
    """The words of the text that a term bars, as they stand there; a star stands for any ending.

    >>> find_softening("A VOLUNTARY recall, as a precautionary measure.", ["voluntary", "precaution*", "rare"])
    ['VOLUNTARY', 'precautionary']
    >>> find_softening("The rarefied gas can burn you.", ["rare", "voluntary"])
    []
    >>> find_softening("Richiamo in  casi rari: può bruciare.", ["casi rari"])
    ['casi rari']
    """
    plain = " ".join(text.split())
    return [found[0] for term in terms if (found := _pattern(term).search(plain))]


def _pattern(term: str) -> re.Pattern:
    word = " ".join(term.split())
    ending = r"\w*" if word.endswith("*") else r"(?!\w)"
    return re.compile(r"(?<!\w)" + re.escape(word.rstrip("*")) + ending, re.IGNORECASE)
