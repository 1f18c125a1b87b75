"""Real Postfix whose set-up is wrong and then put right, between `akkoord serve` and a sink: every mail comes once."""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests import audit
from tests.delivery.sink import free_port, until
from tests.factories import send_form
from tests.faults.product import Product
from tests.postfix.postfix import Postfix

_AT_FIRST, _LATER = 12, 4
_FAULT_LASTS = 40.0
"""Seconds."""

_REFUSED = "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination"
FAULTS = {
    "wrong mynetworks, relay refused (554 5.7.1)": f"mynetworks = 192.0.2.0/24\n{_REFUSED}",
    "wrong mynetworks, relay put off (454 4.7.1)": "mynetworks = 192.0.2.0/24",
    "client refused at once (554 at connect)": "mynetworks = 127.0.0.0/8\nsmtpd_delay_reject = no\n"
    "smtpd_client_restrictions = check_client_access static:{554 go away}",
    "unknown sender (550 5.1.7)": "mynetworks = 127.0.0.0/8\nvirtual_alias_domains = forms.example\n"
    "smtpd_sender_restrictions = reject_unlisted_sender",
}
RIGHT = f"mynetworks = 127.0.0.0/8\n{_REFUSED}"


def main() -> None:
    """Try each fault, and print a line for it. Exits with 1 where a mail is lost or comes twice."""
    faults = {name: text for name, text in FAULTS.items() if not sys.argv[1:] or sys.argv[1] in name}
    ended_well = [shown(name, text) for name, text in faults.items()]
    sys.exit(0 if all(ended_well) else 1)


def shown(name: str, fault: str) -> bool:
    """Whether every mail came once, after the set-up was wrong for a while."""
    with tempfile.TemporaryDirectory(prefix="postfix") as made:
        folder = Path(made)
        port = free_port()
        product = Product(folder, "--workers", "1", MAIL_PORT=str(port), MAIL_RETRY="2 seconds")
        with Postfix(folder / "mail", port, product.sink.port, fault) as postfix, product:
            began = time.monotonic()
            people = queue(product, "early", _AT_FIRST)
            time.sleep(_FAULT_LASTS / 2)
            people += queue(product, "late", _LATER)
            time.sleep(max(0.0, _FAULT_LASTS - (time.monotonic() - began)))
            refusals, connections, given_up = postfix.refusals(), postfix.connections(), state(product)["failed"]
            with product.ctx() as ctx:
                codes = {str(row["problem"]) for row in audit.rows(ctx, "outbox", "problem IS NOT NULL")}
            postfix.set_up(RIGHT)
            righted = time.monotonic()
            until(lambda: state(product) == {"sent": len(people)}, "all mails have gone", 120)
            until(lambda: len(product.sink.mails) >= len(people), "all mails have come", 30)
            seconds = time.monotonic() - righted
            time.sleep(5)  # in which a double would come
            came = Counter(received.recipients[0] for received in product.sink.mails)
    doubles = sum(came.values()) - len(came)
    print(  # noqa: T201 (it is what this command is for)
        f"{name}: {len(people)} mails queued; {_FAULT_LASTS:.0f} s of fault with {connections} connections and "
        f"{refusals} refusals ({', '.join(sorted(codes))}), {given_up} given up; "
        f"all had come {seconds:.1f} s after the reload, {doubles} twice"
    )
    return came == dict.fromkeys(people, 1) and not given_up


def queue(product: Product, who: str, count: int) -> list[str]:
    """Let so many people send a form."""
    people = [f"{who}{number}@voorbeeld.test" for number in range(count)]
    with product.ctx() as ctx:
        for person in people:
            send_form(ctx, person)
    return people


def state(product: Product) -> Counter[str]:
    """How many mails are in each state."""
    with product.ctx() as ctx:
        return Counter(row["status"] for row in audit.rows(ctx, "outbox"))


if __name__ == "__main__":
    main()
