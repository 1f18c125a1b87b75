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
    "AK366": Code(
        "a controller outside the European Economic Area that says nothing of a representative",
        law="GDPR art. 27, 13(1)(a)",
        why="""
            A company in the United Kingdom or Switzerland that turns to people in the Union names somebody there whom
            they and the authorities can reach. Write who that is, or `none` where art. 27(2) asks for nobody.
        """,
        where="controller",
        wrong="""
            country: CH
            authority: ch-edoeb
        """,
        right="""
            country: CH
            authority: ch-edoeb
            representative:
              name: Company Europe BV
              address: Korenmarkt 7, 9000 Gent
              contact: privacy@europe.example
        """,
    ),
    "AK367": Code(
        "nothing is said of those who work for the controller",
        law="GDPR art. 13(1)(e), 13(1)(f)",
        why="""
            Somebody hosts the form and sends its mail. They receive the data too, and people are told who they are and
            in which country, once for all purposes. Name each, or write `none` where the controller does it all itself.
        """,
        where="controller",
        wrong="# no processors",
        right="""
            processors:
              - {name: Post BV, country: BE, task: {en: sends the email}}
        """,
        severity="warning",
    ),
    "AK368": Code(
        "a processor outside the European Economic Area without a safeguard",
        law="GDPR art. 13(1)(f), 46",
        why="""
            Data that a processor uses outside the European Economic Area has left it, whatever the purposes say of
            transfers. People are told where it goes and what protects it there.
        """,
        where="controller",
        wrong="""
            processors:
              - {name: Brightsend Inc., country: US, task: {en: sends the email}}
        """,
        right="""
            processors:
              - {name: Brightsend Inc., country: US, task: {en: sends the email}, safeguard: scc}
        """,
    ),
    "AK369": Code(
        "a safeguard that does not fit the country",
        law="GDPR art. 45",
        why="""
            The decision of the Commission on the United States covers only who is on the list of the EU-US Data Privacy
            Framework (dataprivacyframework.gov). Write `dpf` where every recipient is on it, and `scc` where one is
            not. For any other country there is no such list.
        """,
        wrong="transfers: {countries: [US], safeguard: adequacy}",
        right="transfers: {countries: [US], safeguard: dpf}",
    ),
    "AK370": Code(
        "a recipient that decides for itself, and cannot be reached",
        law="GDPR art. 13(1)(e), 17(2), 19",
        why="""
            Who takes back a yes stops the controller, but what another controller has received stays there until the
            person asks it too. So people are told where to ask.
        """,
        wrong="""
            recipients:
              - {name: Staal BV, role: controller, country: BE, use: {en: one email about a job}}
        """,
        right="""
            recipients:
              - name: Staal BV
                role: controller
                country: BE
                use: {en: one email about a job}
                contact: privacy@staal.example
        """,
        severity="warning",
    ),
    "AK371": Code(
        "a legitimate interest that nobody weighed",
        law="GDPR art. 6(1)(f), 5(2)",
        why="""
            An interest counts only where it weighs more than what people may expect, and the controller has to show
            that it weighed the two. What is written here goes into the register; people do not read it.
        """,
        wrong="basis: legitimate_interest",
        right="""
            basis: legitimate_interest
            weighing: >-
              Orders by telephone are disputed now and then. Only that part of a call is recorded, the caller is told
              first, and four people can listen to it.
        """,
    ),
}
