"""How urgent a complaint is, and how deep it must be investigated, from the facts of the assessment. Pure."""

SEVERITIES = ("low", "medium", "high", "critical")
IMPACTS = ("single", "several", "organisation")


def priority(severity: str, safety: bool, impact: str) -> str:
    """Priority "0" to "3". Danger to people goes before all else; impact on many raises by one.

    >>> priority("low", False, "single"), priority("medium", False, "single")
    ('0', '1')
    >>> priority("medium", False, "several"), priority("high", False, "organisation")
    ('2', '3')
    >>> priority("low", True, "single"), priority("critical", False, "single")
    ('3', '3')
    """
    if safety:
        return "3"
    level = SEVERITIES.index(severity) + (IMPACTS.index(impact) > 0)
    return str(min(level, 3))


def must_investigate(severity: str, safety: bool, complexity: str) -> bool:
    """A light and simple case is answered at the counter; a grave, dangerous or complex one is investigated first.

    >>> must_investigate("medium", False, "simple"), must_investigate("high", False, "simple")
    (False, True)
    >>> must_investigate("low", True, "simple"), must_investigate("low", False, "complex")
    (True, True)
    """
    return safety or severity in ("high", "critical") or complexity == "complex"
