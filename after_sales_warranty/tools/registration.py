"""Whether a registration is accepted at once or looked at by a person: a pure function of facts."""

from dataclasses import dataclass
from datetime import date

#: More registrations than these by one person in one day are looked at.
PER_DAY = 10

#: A purchase longer ago than this is more likely a slip of the pen.
MAX_YEARS = 30

#: Why a person looks, in the order in which the reasons are told.
REASONS = (
    "alert",
    "unknown",
    "not_sold",
    "owned",
    "registered",
    "out_of_service",
    "early",
    "future",
    "too_old",
    "too_many",
    "no_partner",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a registration comes in.

    ``unit``: ``none`` (nobody has heard of the serial), ``stock`` (a lot of ours that was never
    delivered), ``in_service`` or ``out_of_service``. ``owner``: ``none``, ``self`` or ``other``.
    ``sold_on``: the first day on which a customer can have bought it, None when not known.
    ``registered``: somebody's registration of this unit stands. ``today_count``: further registrations
    by the same person on this day. ``partner``: the person is a customer on record.
    """

    today: date
    purchase_date: date
    unit: str = "in_service"
    owner: str = "none"
    sold_on: date | None = None
    alert: bool = False
    registered: bool = False
    today_count: int = 0
    partner: bool = True


def _years_before(day: date, years: int) -> date:
    """The same day years ago, the last day of February for a leap day.

    >>> _years_before(date(2024, 2, 29), 1)
    datetime.date(2023, 2, 28)
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def reasons(facts: Facts) -> list[str]:
    """Codes of ``REASONS`` for which a person has to look; none: confirmed at once.

    >>> today, bought = date(2026, 5, 10), date(2026, 5, 1)
    >>> reasons(Facts(today, bought)), reasons(Facts(today, bought, owner="self", sold_on=bought))
    ([], [])
    >>> reasons(Facts(today, bought, unit="none")), reasons(Facts(today, bought, owner="other", alert=True))
    (['unknown'], ['alert', 'owned'])
    >>> reasons(Facts(today, date(2026, 5, 11))), reasons(Facts(today, bought, sold_on=date(2026, 5, 2)))
    (['future'], ['early'])
    """
    found = {
        "alert": facts.alert,
        "unknown": facts.unit == "none",
        "not_sold": facts.unit == "stock",
        "owned": facts.owner == "other",
        "registered": facts.registered and facts.owner != "other",
        "out_of_service": facts.unit == "out_of_service",
        "early": facts.sold_on is not None and facts.purchase_date < facts.sold_on,
        "future": facts.purchase_date > facts.today,
        "too_old": facts.purchase_date < _years_before(facts.today, MAX_YEARS),
        "too_many": facts.today_count >= PER_DAY,
        "no_partner": not facts.partner,
    }
    return [code for code in REASONS if found[code]]
