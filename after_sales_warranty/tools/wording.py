"""Words that make a hazard sound smaller than it is."""

import re


def find_softening(text: str, terms: list[str]) -> list[str]:
    """The terms that occur in the text as whole words, without case; a star stands for any ending.

    >>> find_softening("A VOLUNTARY recall, as a precautionary measure.", ["voluntary", "precaution*", "rare"])
    ['voluntary', 'precaution*']
    >>> find_softening("The rarefied gas can burn you.", ["rare", "voluntary"])
    []
    >>> find_softening("Richiamo in  casi rari: può bruciare.", ["casi rari"])
    ['casi rari']
    """
    plain = " ".join(text.casefold().split())
    return [term for term in terms if _pattern(term).search(plain)]


def _pattern(term: str) -> re.Pattern:
    word = " ".join(term.casefold().split())
    ending = r"\w*" if word.endswith("*") else r"(?!\w)"
    return re.compile(r"(?<!\w)" + re.escape(word.rstrip("*")) + ending)
