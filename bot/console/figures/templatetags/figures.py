"""How figures are written: numbers in the page's language, and what is kept back in words."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from bot.console.figures.wall import FEW, FEWEST, Figure

register = template.Library()

_NOTHING = "–"
#: Shares below this one are written with a decimal; durations from these on in minutes, in hours.
_SMALL = 0.1
_MINUTES, _HOURS = 90, 5400


@register.filter
def figure(value: Figure) -> str:
    """A number; "moins de 5" where it is kept back."""
    if value is FEW:
        return _("moins de %(n)s") % {"n": number_format(FEWEST)}
    return number_format(round(value), force_grouping=True) if isinstance(value, (int, float)) else _NOTHING


@register.filter
def share(value: Figure) -> str:
    """A share between 0 and 1 as a percentage; a dash where it is kept back."""
    if not isinstance(value, (int, float)):
        return _NOTHING
    # Small shares with a decimal: between one and two of a hundred lies much.
    decimals = 1 if 0 < abs(value) < _SMALL else 0
    return f"{number_format(round(value * 100, decimals), decimals)}\u00a0%"


@register.filter
def growth(value: Figure) -> str:
    """By which share something grew or shrank; set apart, so that the sign stands before the number in Arabic too."""
    if not isinstance(value, (int, float)):
        return _NOTHING
    hundredths = round(value * 100)
    sign = "+" if hundredths > 0 else "−" if hundredths < 0 else "±"
    return f"\u2066{sign}{number_format(abs(hundredths), force_grouping=True)}\u00a0%\u2069"


@register.filter
def took(value: Figure) -> str:
    """A duration in seconds, in a unit that suits it; "moins de 5" where it is kept back."""
    if not isinstance(value, (int, float)):
        return figure(value)
    if value < _MINUTES:
        return _("%(n)s s") % {"n": number_format(round(value, 1 if value >= 1 else 2), 1 if value >= 1 else 2)}
    if value < _HOURS:
        return _("%(n)s min") % {"n": number_format(round(value / 60))}
    return _("%(n)s h") % {"n": number_format(round(value / 3600, 1), 1)}
