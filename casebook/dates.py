"""Moments told as a person would: « aujourd’hui à 14 h 32 », « hier à 9 h 05 », « le 3 novembre à 18 h 04 »."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime

from casebook.text import NBSP


def moment(when: datetime) -> str:
    """In the site's own time zone; the year is told when it is not this one."""
    local, now = localtime(when), localtime()
    hour = f"{local.hour}{NBSP}h{NBSP}{local:%M}"
    if local.date() == now.date():
        return f"aujourd’hui à {hour}"
    if local.date() == (now - timedelta(days=1)).date():
        return f"hier à {hour}"
    day = f"1er{NBSP}" if local.day == 1 else f"{local.day}{NBSP}"
    return f"le {day}{date_format(local, 'F' if local.year == now.year else 'F Y')} à {hour}"
