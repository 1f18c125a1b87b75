"""A notice in one piece, for tests that need no form definition."""

from dataclasses import replace

from app.domain.basis import Basis
from app.domain.notice import Notice, NoticeField, NoticePurpose

PURPOSE = NoticePurpose(
    id="news",
    asked=True,
    basis=Basis.CONSENT,
    title="Nieuws",
    text="We mailen nieuws.",
    statement="",
    rows=(("Bewaren", ("2 jaar", "daarna weg")),),
    data=("email", "first_name"),
    keep="2 years",
    valid_for="1 year",
    channel="email",
    proof="mail",
    direct_marketing=True,
)
TOLD = replace(PURPOSE, id="order", asked=False, basis=Basis.CONTRACT, data=("email", "street"), keep="", valid_for="")
FIELD = NoticeField("first_name", "choice", "Voornaam", "", False, (("a", "A"), ("b", "B")))
NOTICE = Notice(
    controller="acme",
    controller_name="Bakkerij De Molen BV",
    address="Korenmarkt 7",
    contact="privacy@demolen.example",
    privacy_statement="https://www.demolen.example/privacy",
    country="BE",
    evidence_for="5 years",
    form="news",
    language="nl",
    audience="adult",
    title="Nieuws",
    intro="",
    rows_before=(("Wie", ("wij",)),),
    rows_after=(),
    purposes=(PURPOSE, TOLD),
    fields=(FIELD, replace(FIELD, id="street")),
    words={"form.submit": "Versturen ’"},
)
