"""What a visitor's browser loads: the form page with its styles, and the script in a company's page."""

import gzip
import re
from http.client import HTTPConnection

from .akkoord import FORM
from .servers import Site


def weights(site: Site) -> dict[str, int]:
    """Bytes as they travel: as the server compressed them, or else as a proxy does with gzip at its usual level."""
    page, html = _fetched(site, FORM)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', html)
    assert styles, html
    return {
        "page": page,
        "styles": sum(_fetched(site, address)[0] for address in styles),
        "scripts": sum(_fetched(site, address)[0] for address in scripts),
        "embed.js": _fetched(site, "/embed.js")[0],
    }


def _fetched(site: Site, address: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == 200, (address, response.status)
    if response.getheader("Content-Encoding") == "gzip":
        return len(body), gzip.decompress(body).decode()
    return len(gzip.compress(body, 6)), body.decode()
