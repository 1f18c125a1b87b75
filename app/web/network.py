"""From which network a request comes: a /24 or a /56, because a school or a household is one address or many."""

from ipaddress import IPv6Address, ip_address

from flask import request


def network() -> str:
    """The network of whoever sends, as the trusted proxies tell it; `unknown` where there is no address."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    kept = 3 if address.version == 4 else 7  # bytes
    return f"{address.version}:{address.packed[:kept].hex()}"
