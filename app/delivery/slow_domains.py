"""Domains of recipients whose mails take long: one mail at a time with a rest behind it, and others go meanwhile."""

import threading
import time
from collections.abc import Callable
from statistics import median

_SLOW = 1.0
"""Seconds for a mail from which on a domain may be slow."""
_TIMES_THE_USUAL = 2.0
_LONGEST = 600.0
"""Seconds: no mail is put off for longer at once."""
_LATE = 1.0
"""Seconds by which a mail may begin after its time: a worker without work looks once a second."""
_REMEMBERED = 200
"""Domains of which it is remembered how long a mail took, those of late."""


class SlowDomains:
    """What the lines of one worker know of how long a mail to each domain takes. Seconds throughout.

    A domain is slow where its last mail took twice as long as one to most others: where all are slow it is the mail
    server, and to let mails rest would help nobody.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._took: dict[str, float] = {}
        self._begun: dict[str, list[float]] = {}
        self._free_at: dict[str, float] = {}
        self._promised: dict[str, float] = {}

    def wait(self, domain: str) -> float:
        """How long a mail to this domain is to be put off. Where that is 0 it has begun; `ended` must follow."""
        with self._lock:
            now, begun = self._clock(), self._begun.get(domain)
            lasts = max(self._took.get(domain, 0.0), now - begun[0] if begun else 0.0)
            is_free = not begun and now >= self._free_at.get(domain, 0.0)
            if is_free or not self._is_slow(domain, lasts):
                self._begun.setdefault(domain, []).append(now)
                return 0.0
            # Each gets a time of its own: if all came again together, all but one would be put off again.
            step = 2 * lasts + _LATE
            promised = self._promised.get(domain, 0.0) + step
            rests = max(self._free_at.get(domain, 0.0), promised, now + step if begun else now) - now
            if rests < _LONGEST:
                self._promised[domain] = now + rests
            return min(rests, _LONGEST)

    def ended(self, domain: str, tells: bool = True) -> None:
        """A mail to this domain has gone, or not; the one that was begun first, where there are several.

        What was the fault of the mail server `tells` nothing of the domain.
        """
        with self._lock:
            now, begun = self._clock(), self._begun[domain]
            took = now - begun.pop(0)
            if not begun:
                del self._begun[domain]
            if not tells:
                return
            self._took.pop(domain, None)  # to stand last
            self._took[domain] = took
            if self._is_slow(domain, took):
                slow = sum(self._is_slow(other, lasts) for other, lasts in self._took.items())
                self._free_at[domain] = now + took * slow  # all of them together keep less than one connection busy
            else:
                self._free_at.pop(domain, None)
                self._promised.pop(domain, None)
            if len(self._took) > _REMEMBERED:
                oldest = next(iter(self._took))
                for known in (self._took, self._free_at, self._promised):
                    known.pop(oldest, None)

    def _is_slow(self, domain: str, lasts: float) -> bool:
        if lasts < _SLOW:  # as nearly all
            return False
        usual = median([took for other, took in self._took.items() if other != domain] or [0.0])
        return lasts >= _TIMES_THE_USUAL * usual
