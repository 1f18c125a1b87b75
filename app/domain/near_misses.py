"""Addresses that were probably mistyped: their domain is nearly that of a provider which many people have."""

from .providers import ONLY_COM, REAL, WELL_KNOWN

_ENDINGS = frozenset(("com", "net", "org", "be", "nl", "fr", "lu", "de", "eu", "uk", "it", "es", "ch", "at", "me"))
"""Endings that people mean where they type them: the ending of the provider is then not asked for."""
_LONG_ENOUGH = 5
"""Letters of a name that one letter more, less or other makes a slip; shorter names are too near to each other."""
_LONG_ENOUGH_TO_BEGIN = 7
"""The same where the first letter is the wrong one: `range` and `orange` are two words, `otmail` is none."""

_BY_LENGTH: dict[int, list[str]] = {}
"""The well-known domains by the letters of their names: those that are too long or short take most of the time."""
for _known in WELL_KNOWN:
    _BY_LENGTH.setdefault(len(_known.partition(".")[0]), []).append(_known)


def probably_meant(email: str) -> str:
    """The address that was probably meant instead of this one, or nothing where it may well be right."""
    local, _, domain = email.rpartition("@")
    name, _, ending = domain.partition(".")
    if domain in REAL or not ending:
        return ""
    if name in ONLY_COM:
        return f"{local}@{name}.com"
    near = [known for length in range(len(name) - 1, len(name) + 2) for known in _BY_LENGTH.get(length, ())]
    nearest = min(near, key=lambda known: _slips(name, ending, known), default="")
    return f"{local}@{nearest}" if nearest and _slips(name, ending, nearest) <= _MOST_SLIPS else ""


_MOST_SLIPS = 2
_TOO_MANY = 3


def _slips(name: str, ending: str, known: str) -> int:
    """How many slips lie between a domain and a known one: at most one in its name and one in its ending."""
    known_name, _, known_ending = known.partition(".")
    in_name = 0 if name == known_name else 1 if _is_slip(name, known_name) else _TOO_MANY
    is_other = ending in _ENDINGS and ending != known_ending
    in_ending = (
        0 if ending == known_ending else 1 if not is_other and differ_by_one(ending, known_ending) else _TOO_MANY
    )
    return in_name + in_ending


def _is_slip(name: str, known: str) -> bool:
    begins_alike = name[:1] == known[:1] or _are_swapped(name, known)
    return len(known) >= (_LONG_ENOUGH if begins_alike else _LONG_ENOUGH_TO_BEGIN) and differ_by_one(name, known)


def differ_by_one(one: str, other: str) -> bool:
    """Whether one letter more, less, other or two swapped make one word the other (Damerau-Levenshtein distance 1)."""
    if len(one) > len(other):
        one, other = other, one
    at = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return len(other) == len(one) + 1 and one[at:] == other[at + 1 :]
    return one != other and (one[at + 1 :] == other[at + 1 :] or _are_swapped(one[at:], other[at:]))


def _are_swapped(one: str, other: str) -> bool:
    return one[:2] == other[1::-1] and one[2:] == other[2:]
