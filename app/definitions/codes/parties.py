"""AK365 to AK371: who is behind a form, and what people are told of them."""

from .record import Code

CODES = {
    "AK365": Code(
        "a supervisory authority of another country",
        law="GDPR art. 13(2)(d), 77",
        why="""
            People are told where they can complain. An authority of a country where the controller is not sends them to
            a desk that must send them on, which is worse than none. Each country has one code; in Germany it stands for
            the authorities of the federal states too.
        """,
        where="controller",
        wrong="""
            country: FR
            authority: be-gba
        """,
        right="""
            country: FR
            authority: fr-cnil
        """,
    ),
}
