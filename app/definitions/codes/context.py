"""AK351, AK352, AK354, AK394 and AK395: what surrounds a yes. AK356 to AK358: how people are reached."""

from .record import Code

CODES = {
    "AK351": Code(
        "an employer, a school or a landlord asks; only the situation tells whether a yes is free",
        law="GDPR recital 43, EDPB 05/2020 §16-24",
        why="""
            Whoever works, learns or lives with you may not dare to say no, and then the yes is not free: least of all
            where it is about watching them, or where somebody who decides about them hears of the no. Choose another
            basis; or see to it that a no costs nothing, and say so.
        """,
        where="form",
        wrong="intro: {en: We ask our employees whether they want to be in a picture.}",
        right="""
            intro: {en: We ask our employees whether they want to be in a picture. A no changes nothing at work.}
        """,
        severity="answer",
    ),
    "AK352": Code(
        "a recording that is not told beforehand; it may be told elsewhere",
        law="GDPR art. 13(1)",
        why="""
            Who is recorded is told so before the recording begins, and in some countries a secret recording is a crime.
            A sentence in a privacy statement comes too late.
        """,
        wrong="text: {en: We record the call and listen to it when we train new people.}",
        right="text: {en: We record the call to train new people. We tell you before we record.}",
        severity="answer",
    ),
    "AK354": Code(
        "a picture made public, without what cannot be undone",
        law="GDPR art. 7(3), 13",
        why="""
            People may withdraw, but copies that others made stay. They have to know that before they agree.
        """,
        wrong="text: {en: We put your photo on our website.}",
        right="""
            text:
              en: We put your photo on our website. If you stop, we take it down. Copies that others made may stay.
        """,
        severity="answer",
    ),
    "AK394": Code(
        "convictions and offences of a person; a law may allow it",
        law="GDPR art. 10",
        why="""
            Data about convictions and offences may be used under the control of official authority, or where a law says
            so. Consent alone is no ground. Leave the question out, or accept the finding with the law that allows it.
        """,
        wrong="text: {en: We note any criminal record that you tell us about.}",
        right="text: {en: We note your name and the days on which you can help.}",
        severity="answer",
    ),
    "AK395": Code(
        "a question that the purpose does not need; it may need it for a reason that is not told",
        law="GDPR art. 5(1)(c)",
        why="""
            A newsletter needs no income, no diploma and no family. Whoever asks more than the purpose needs has to
            leave it out, or to say in the text of the purpose what it is for.
        """,
        wrong="text: {en: To get our recipes you give us your income and your degree.}",
        right="text: {en: To get our recipes you give us your email address.}",
        severity="answer",
    ),
    "AK356": Code(
        "a yes to calls, text messages or post, without a required field for the number or the address; the form has to"
        " tell what must be given",
        law="GDPR art. 13(2)(e)",
        why="""
            Without the number there is a consent to calls and nobody to call. The field is required only of those who
            tick a purpose that uses it; everybody else may leave it empty.
        """,
        where="form",
        wrong="""
            purposes:
              - {id: news, channel: phone, proof: call_back}
        """,
        right="""
            fields:
              - {id: phone, type: tel, label: {en: Phone number}, required: true}
            purposes:
              - {id: news, channel: phone, proof: call_back, data: [email, first_name, phone]}
        """,
    ),
    "AK357": Code(
        "direct marketing without the consent that its channel needs",
        law="Directive 2002/58 art. 13(1), 13(3)",
        why="""
            Advertising by email or text message needs a yes before the first message, and in some countries advertising
            by telephone does too. A contract or a legitimate interest is not enough.
        """,
        wrong="""
            basis: legitimate_interest
            weighing: Customers know us, and can say no each time.
            direct_marketing: true
            channel: email
        """,
        right="""
            basis: consent
            direct_marketing: true
            channel: email
        """,
    ),
    "AK358": Code(
        "direct marketing without consent by telephone, or by no named channel",
        law="Directive 2002/58 art. 13(3)",
        why="""
            Whether people may be called without a yes differs by country, and those on a list of refusals never may.
            Ask for consent, write instead of calling, or answer with `accept` why these calls are allowed.
        """,
        wrong="""
            basis: legitimate_interest
            weighing: Customers know us, and can say no each time.
            direct_marketing: true
            channel: phone
        """,
        right="""
            basis: legitimate_interest
            weighing: Customers know us, and can say no each time.
            direct_marketing: true
            channel: post
        """,
        severity="answer",
    ),
}
