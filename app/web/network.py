"""From which network a request comes: a /24 or a /56, because a school or a household is one address or many."""

import logging
import re
from functools import cache
from ipaddress import IPv6Address, ip_address
from socket import AF_INET, inet_pton

from flask import request

log = logging.getLogger(__name__)

_WITH_PORT = re.compile(r"\[([^\]]*)\](?::[0-9]+)?|([0-9.]+):[0-9]+")
"""How some proxies write an address: in brackets, or with a port behind it."""


def network() -> str:
    """The network of whoever sends, as the trusted proxies tell it.

    Empty where there is no address, or none that can be read: then nothing is counted, or else one limit would be
    everybody's.
    """
    found = network_of(request.remote_addr or "")
    if not found:
        _warn_unreadable()
    return found


def network_of(told: str) -> str:
    """The network of an address. Empty where it cannot be read."""
    try:
        return f"4:{inet_pton(AF_INET, told)[:3].hex()}"  # most are: the rest takes ten times as long
    except OSError:
        found = _WITH_PORT.fullmatch(told)
    try:
        address = ip_address((found[1] or found[2]) if found else told)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    kept = 3 if address.version == 4 else 7  # bytes
    return f"{address.version}:{address.packed[:kept].hex()}"


@cache
def _warn_unreadable() -> None:
    """Once in each process."""
    log.warning(
        "The address of a visitor cannot be read, so AKKOORD_SUBMITS_PER_NETWORK limits nobody there: "
        "let the proxy write it into X-Forwarded-For, and set AKKOORD_TRUSTED_PROXIES to the number of those that do"
    )
