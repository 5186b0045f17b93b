"""Dates and hours as French typography has them, over Django's own: « 21 novembre 2026 à 14 h 32 »."""

DATETIME_FORMAT = "j F Y à G\u00a0\\h\u00a0i"
SHORT_DATETIME_FORMAT = "d/m/Y à G\u00a0\\h\u00a0i"
TIME_FORMAT = "G\u00a0\\h\u00a0i"
