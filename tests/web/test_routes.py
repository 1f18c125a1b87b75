"""The addresses of the kit: a new one is entered here first, and its tests beside it."""

import re

from flask import Flask

from app import addresses

ADDRESSES = {
    "/f/<controller>/<form>": {"GET", "POST"},
    "/confirm/<token>": {"GET", "POST"},
    "/guardian/<token>": {"GET", "POST"},
    "/withdraw/<token>": {"GET", "POST"},
    "/withdraw/<token>/<rest:purpose>": {"GET", "POST"},
    "/object/<token>": {"GET", "POST"},
    "/stop/<token>": {"GET", "POST"},
    "/lift/<token>": {"GET", "POST"},
    "/link/<controller>": {"GET", "POST"},
    "/notice/<notice_hash>": {"GET"},
    "/static/<path:name>": {"GET"},
    "/theme/<name>.css": {"GET"},
    "/logo/<name>": {"GET"},
    "/embed.js": {"GET"},
    "/healthz": {"GET"},
}


def test_the_addresses_and_methods_are_those_of_the_contract_and_no_others(app: Flask) -> None:
    served: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        served.setdefault(rule.rule, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})

    assert served == ADDRESSES


def test_every_page_behind_a_mailed_link_answers_a_broken_link_as_such(app: Flask) -> None:
    """A new page is entered in `addresses`, and each that is entered there is served or is still to come."""
    behind_a_token = {
        f"/{rule.rule.split('/')[1]}/"
        for rule in app.url_map.iter_rules()
        if re.search("<(token|notice_hash)>", rule.rule)
    }

    assert set(addresses.MAILED) - behind_a_token == {"/manage/"}
    assert behind_a_token <= set(addresses.MAILED)
