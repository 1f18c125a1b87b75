"""The bounds of a definition, each stated once: models, JSON Schema and messages of the linter read them here."""

from ...period import Period

MOST_ENTRIES = {
    "languages": 10,
    "fields": 20,
    "purposes": 20,
    "origins": 50,
    "options": 30,
    "processors": 20,
    "joint_controllers": 10,
}
"""Entries that a list may have, by its key."""

NUMBERS = {"radius": (0, 16), "age": (13, 18)}
"""The smallest and the largest number that a key takes. 13 is the lowest age of GDPR art. 8(1), 18 that of adults."""

SHORTEST_PERIOD = Period(1, "day")
LONGEST_PERIOD = Period(100, "year")

A_PERIOD = "`2 years`, `6 months` or `30 days`"
"""How a period is written, as messages show it."""
