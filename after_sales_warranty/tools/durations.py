"""A number of days, months or years in words, with the form that the number asks for."""

from babel import Locale
from babel.units import format_unit

#: The words of the languages of the suite by the plural categories of CLDR. Babel has them too, in most languages only.
WORDS = {
    "en": {
        "day": {"one": "day", "other": "days"},
        "month": {"one": "month", "other": "months"},
        "year": {"one": "year", "other": "years"},
    },
    "it": {
        "day": {"one": "giorno", "other": "giorni"},
        "month": {"one": "mese", "other": "mesi"},
        "year": {"one": "anno", "other": "anni"},
    },
    "ru": {
        "day": {"one": "день", "few": "дня", "many": "дней", "other": "дня"},
        "month": {"one": "месяц", "few": "месяца", "many": "месяцев", "other": "месяца"},
        "year": {"one": "год", "few": "года", "many": "лет", "other": "года"},
    },
}


def duration_text(count: float, unit: str, lang: str | None) -> str:
    """``count`` days, months or years in words of ``lang``, the code of an Odoo language.

    >>> duration_text(1, "month", "it_IT"), duration_text(24, "month", "it_IT"), duration_text(1, "year", "en_US")
    ('1 mese', '24 mesi', '1 year')
    >>> [duration_text(count, "year", "ru_RU") for count in (1, 2, 5, 21)]
    ['1 год', '2 года', '5 лет', '21 год']
    >>> duration_text(2, "month", "de_DE"), duration_text(1.5, "month", "ru_RU")
    ('2 Monate', '1,5 месяца')
    """
    locale = Locale.parse((lang or "en_US").partition("@")[0])
    words = WORDS.get(locale.language)
    if not words:
        return format_unit(count, f"duration-{unit}", length="long", locale=locale)
    number = f"{count:g}".replace(".", locale.number_symbols["latn"]["decimal"])
    forms = words[unit]
    return f"{number} {forms.get(locale.plural_form(count), forms['other'])}"
