"""AK301 to AK320: what the law asks of every form."""

from .record import Code

CODES = {
    "AK301": Code(
        "a pre-ticked or compulsory consent",
        law="GDPR art. 4(11), 7(4), recital 32",
        why="""
            A yes is something that a person does, and is free only where a no is as good. A box that is ticked
            beforehand, or that must be ticked to go on, gives no consent at all. This format has no key for either.
        """,
        wrong="required: true",
        right="# no required: whoever leaves the box empty can still send the form",
    ),
    "AK302": Code(
        "several things in one consent",
        law="GDPR recital 43",
        why="""
            People must be able to say yes to one thing and no to another. Two channels or two purposes in one box take
            that choice away, so each gets a box of its own.
        """,
        wrong="channel: [email, phone]",
        right="channel: email",
    ),
    "AK303": Code(
        "neither given nor declared none",
        law="GDPR art. 13",
        why="""
            People are told who receives their data, whether it leaves Europe, whether a computer decides alone and who
            the data protection officer is. Where there is nothing to tell, the word `none` says that somebody has
            thought about it.
        """,
        wrong="# no recipients",
        right="recipients: none",
    ),
    "AK304": Code(
        "a purpose without title, text, data or keep of its own",
        law="GDPR art. 13",
        why="""
            For each purpose people read what is done, with which data and for how long (art. 13(1)(c), 13(2)(a)).
            One sentence for several purposes leaves open which belongs to which.
        """,
        wrong="# no keep",
        right="keep: 2 years",
    ),
    "AK305": Code(
        "data of a special category without explicit consent",
        law="GDPR art. 9",
        why="""
            Data about health, beliefs, origin, sex life and the like may be used only with an explicit yes or on
            another ground of art. 9(2). A word in this text points to such data. Declare it, or accept the finding
            where the word means something else.
        """,
        wrong="""
            text: {en: We use what you tell about your health to plan the course.}
        """,
        right="""
            text: {en: We use what you tell about your health to plan the course.}
            special_category:
              kind: health
              statement: {en: I explicitly agree that you use what I tell about my health.}
        """,
        severity="answer",
    ),
    "AK306": Code(
        "two purposes that cannot be told apart",
        law="GDPR art. 13(1)(c)",
        why="""
            With the same title or the same text twice, nobody knows to what the second box says yes. Say what sets each
            purpose apart.
        """,
        where="form",
        wrong="""
            purposes:
              - id: news
                title: {en: Newsletter}
              - id: card
                title: {en: Newsletter}
        """,
        right="""
            purposes:
              - id: news
                title: {en: Newsletter by email}
              - id: card
                title: {en: A card on your birthday}
        """,
    ),
    "AK307": Code(
        "a recipient without a name",
        law="GDPR art. 13(1)(e)",
        why="""
            “Our partners” can be anybody. Who relies on a consent has to be named for it (EDPB 05/2020 §65), so that
            people know to whom they say yes.
        """,
        wrong="""
            recipients:
              - name: our partners
                role: processor
                country: BE
                use: {en: sends the email}
        """,
        right="""
            recipients:
              - name: Post BV
                role: processor
                country: BE
                use: {en: sends the email}
        """,
        severity="answer",
    ),
    "AK308": Code(
        "recipients and transfers contradict each other",
        law="GDPR art. 13(1)(f)",
        why="""
            Data that goes outside the European Economic Area is a transfer, and people are told about it and about what
            protects them there. Here a recipient and `transfers` say different things.
        """,
        wrong="""
            recipients:
              - name: Brightsend Inc.
                role: processor
                country: US
                use: {en: sends the email}
            transfers: none
        """,
        right="""
            recipients:
              - name: Brightsend Inc.
                role: processor
                country: US
                use: {en: sends the email}
            transfers: {countries: [US], safeguard: scc}
        """,
    ),
    "AK309": Code(
        "a field that no purpose uses",
        law="GDPR art. 5(1)(c)",
        why="""
            Only data that a purpose needs may be asked. Name the field in the `data` of the purpose that uses it, or do
            not ask it.
        """,
        where="form",
        wrong="""
            fields:
              - id: town
                type: text
                label: {en: Town}
            purposes:
              - id: news
                data: [email, first_name]
        """,
        right="""
            fields:
              - id: town
                type: text
                label: {en: Town}
            purposes:
              - id: news
                data: [email, first_name, town]
        """,
    ),
    "AK310": Code(
        "data that no field gives",
        why="""
            The purpose tells people that it uses data which the form never asks. Ask it in a field, or take it out of
            `data`. The email address is always there, under the name `email`.
        """,
        wrong="data: [email, first_name, phone]",
        right="data: [email, first_name]",
    ),
    "AK311": Code(
        "a special category without a statement",
        law="GDPR art. 9(2)(a)",
        why="""
            Explicit consent is a statement of the person about this very data (EDPB 05/2020 §91-98). The sentence
            labels the box, and again on the page where the person confirms.
        """,
        wrong="special_category: {kind: health}",
        right="""
            special_category:
              kind: health
              statement: {en: I explicitly agree that you use what I tell about my health.}
        """,
    ),
    "AK312": Code(
        "telephone or text message proved by mail",
        law="GDPR art. 7(1)",
        why="""
            The company has to prove the yes. A click in a mail shows who reads the mailbox, and not whose number was
            filled in: somebody else could be called. So a yes to calls or text messages is proved by the number.
        """,
        where="form",
        wrong="""
            fields:
              - {id: phone, type: tel, label: {en: Phone number}, required: true}
            purposes:
              - id: news
                data: [email, first_name, phone]
                channel: phone
                proof: mail
        """,
        right="""
            fields:
              - {id: phone, type: tel, label: {en: Phone number}, required: true}
            purposes:
              - id: news
                data: [email, first_name, phone]
                channel: phone
                proof: call_back
        """,
    ),
    "AK313": Code(
        "a property of consent on a purpose that is told, not asked",
        why="""
            Where data is used for a contract, a duty or a legitimate interest, people are told and nobody asks them
            (GDPR art. 6(1)(b), (c) and (f)). There is no yes to prove, to renew or to withdraw, so these keys would
            promise something that does not happen.
        """,
        wrong="""
            basis: contract
            valid_for: 1 year
        """,
        right="""
            basis: contract
            # no valid_for
        """,
    ),
    "AK314": Code(
        "a consent that would outlive its data",
        why="""
            The consent would be asked anew only after the data is gone already. Make `valid_for` shorter than `keep`,
            or as long.
        """,
        wrong="""
            keep: 1 year
            valid_for: 2 years
        """,
        right="""
            keep: 2 years
            valid_for: 1 year
        """,
    ),
    "AK315": Code(
        "data without an end and without a reason",
        law="GDPR art. 5(1)(e)",
        why="""
            Data is kept no longer than its purpose needs. Where it is kept until the person says stop, people read why
            no period can be named.
        """,
        wrong="""
            keep: until_withdrawn
        """,
        right="""
            keep: until_withdrawn
            because: {en: You get the letter for as long as you want it.}
        """,
    ),
    "AK316": Code(
        "an accent too pale to read",
        law="WCAG 2.2, 1.4.3",
        why="""
            The accent is the colour of links, and stands behind the white words of the buttons. Below a contrast of
            4.5:1 many people cannot read them.
        """,
        where="controller",
        wrong="""
            theme: {accent: "#9ab8e0"}
        """,
        right="""
            theme: {accent: "#1d4f91"}
        """,
    ),
    "AK372": Code(
        "a background on which the form cannot be read",
        law="WCAG 2.2, 1.4.3",
        why="""
            Text, links and the borders of fields stand on the background of a form in a frame. It has to be so light
            that dark text is read on it, or so dark that light text is, and the accent needs 4.5:1 on a light one.
        """,
        where="controller",
        wrong="""
            theme: {background: "#777777"}
        """,
        right="""
            theme: {background: "#fffaf0"}
        """,
    ),
    "AK317": Code(
        "direct marketing without a channel",
        why="""
            Advertising reaches people by mail, by telephone or by post, and which one it is decides whether it needs
            consent (Directive 2002/58 art. 13). `channel: none` leaves that open.
        """,
        wrong="""
            direct_marketing: true
            channel: none
        """,
        right="""
            direct_marketing: true
            channel: email
        """,
        severity="warning",
    ),
    "AK318": Code(
        "a form that asks nothing",
        why="""
            No purpose rests on consent, so there is no box and nothing to send. People can be told the same in a
            privacy statement.
        """,
        where="form",
        wrong="""
            purposes:
              - {id: news, basis: contract}
              - {id: card, basis: contract}
        """,
        right="""
            purposes:
              - {id: news, basis: consent}
              - {id: card, basis: contract}
        """,
        severity="warning",
    ),
    "AK319": Code(
        "a transfer without protection and without its risk",
        law="GDPR art. 49(1)(a)",
        why="""
            Without a decision of the Commission or a standard contract, data may leave Europe only with the person's
            explicit yes, after being told what may happen there.
        """,
        wrong="""
            transfers: {countries: [US], safeguard: none}
        """,
        right="""
            transfers:
              countries: [US]
              safeguard: none
              risk: {en: "Authorities there can read your data, and you cannot object in court."}
        """,
    ),
    "AK320": Code(
        "a text of controller.yaml that lacks a language of the form",
        law="GDPR art. 12(1)",
        why="""
            Whoever reads the form in a language has to be able to read in it too what controller.yaml says per
            language: the address of the privacy statement, what each processor does. One of these is missing there.
        """,
        where="controller",
        wrong="""
            privacy_statement:
              nl: https://www.company.example/nl/privacy
        """,
        right="""
            privacy_statement:
              nl: https://www.company.example/nl/privacy
              en: https://www.company.example/en/privacy
        """,
    ),
}
