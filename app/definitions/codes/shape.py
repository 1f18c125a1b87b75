"""AK2xx: the keys of a definition, and the values that they take."""

from .record import Code

CODES = {
    "AK201": Code(
        "an unknown key",
        why="""
            Nothing reads this key, so what it says would silently do nothing. Mostly it is a typing error; the message
            names the key that was meant.
        """,
        wrong="chanel: email",
        right="channel: email",
    ),
    "AK202": Code(
        "a key is missing",
        why="""
            Without it the form cannot be shown or cannot be proved. Nothing is filled in for you, because people read
            and agree to what stands here.
        """,
        where="form",
        wrong="# no title",
        right="title: {en: News}",
    ),
    "AK203": Code(
        "the wrong kind of value",
        why="""
            The key takes another kind of value: a list, a block of keys, a number, or a text in quotes. The message
            says which, and how to write it.
        """,
        where="form",
        wrong="languages: en",
        right="languages: [en]",
    ),
    "AK204": Code(
        "nothing is written after a key",
        why="""
            The key is there and its value is not. Where there is nothing to tell, the file says so with the word
            `none`, so that nobody takes it for forgotten.
        """,
        wrong="keep:",
        right="keep: 2 years",
    ),
    "AK205": Code(
        "a word that is not one of the choices",
        why="""
            This key takes one of a few words, and each has its own meaning for the law or for the form. The message
            lists them.
        """,
        wrong="channel: emial",
        right="channel: email",
    ),
    "AK206": Code(
        "an id in the wrong form",
        why="""
            An id is part of addresses, of the record of what was agreed, and of exports. It begins with a small letter
            and goes on with small letters, digits or `_`, 40 at most.
        """,
        wrong="id: News!",
        right="id: news",
    ),
    "AK207": Code(
        "an id that the kit uses itself",
        why="""
            The pages of the kit send fields of their own under such names. A question with the same name would be
            mixed up with them. The email address is always asked and needs no field.
        """,
        where="form",
        wrong="""
            fields:
              - id: website
                type: text
                label: {en: Your site}
            purposes:
              - id: news
                data: [email, first_name, website]
        """,
        right="""
            fields:
              - id: company_site
                type: text
                label: {en: Your site}
            purposes:
              - id: news
                data: [email, first_name, company_site]
        """,
    ),
    "AK208": Code(
        "the same entry twice in one list",
        why="""
            With the same id twice, nobody could tell later to which of the two a person agreed. In a list of languages
            or fields the second entry says nothing new.
        """,
        wrong="data: [email, first_name, email]",
        right="data: [email, first_name]",
    ),
    "AK209": Code(
        "a text that is too long",
        why="""
            Information has to be concise (GDPR art. 12(1)). A title is one line; the facts about a purpose fit into a
            thousand characters.
        """,
        where="form",
        wrong="""
            title:
              en: >-
                Our newsletter with everything that is new in the shop and in the bakery, with recipes, with opening
                hours and with the story behind each loaf
        """,
        right="title: {en: Our newsletter}",
    ),
    "AK210": Code(
        "an empty text",
        why="""
            People would see a box or a heading without words. A consent needs words that say what it is for (GDPR
            art. 4(11)).
        """,
        where="form",
        wrong="""
            title: {en: ""}
        """,
        right="title: {en: News}",
    ),
    "AK211": Code(
        "a text with control, invisible or direction-changing characters",
        why="""
            Such a character can make people read something else than what stands in the file and in the proof, or
            break the head of a mail. It mostly comes along when text is copied.
        """,
        where="form",
        wrong="title: {en: News<U+202E>}",
        right="title: {en: News}",
    ),
    "AK212": Code(
        "a text still to be written",
        why="""
            `akkoord new` leaves `...` where only you can know the text. A form with such a gap is not ready for people
            to read.
        """,
        where="form",
        wrong="""
            title:
              en: ...
        """,
        right="""
            title:
              en: News
        """,
    ),
    "AK213": Code(
        "more entries than a form can carry",
        why="""
            Nobody reads through fifty questions before a yes, and too many choices are a dark pattern of their own
            (EDPB 03/2022, overloading). Split the form, or ask less.
        """,
        where="controller",
        wrong="""
            origins:
              - https://site1.company.example  # and 50 more
        """,
        right="""
            origins:
              - https://www.company.example
        """,
    ),
    "AK214": Code(
        "a language that the kit does not speak",
        why="""
            The buttons, the mails and the rights come in the kit's own words. A form in another language would be half
            in a language that its readers may not know (GDPR art. 12(1)).
        """,
        where="form",
        wrong="languages: [en, xx]",
        right="languages: [en]",
    ),
    "AK215": Code(
        "a text lacks a declared language",
        why="""
            Whoever reads the form in that language would miss this text, or get it in another language. An informed yes
            needs all of it (GDPR art. 4(11), 12(1)). Write the text, or do not offer the language.
        """,
        where="form",
        wrong="""
            languages: [en, nl]
            title: {en: News}
        """,
        right="""
            languages: [en]
            title: {en: News}
        """,
    ),
    "AK216": Code(
        "a text in a language that is not declared",
        why="""
            Nobody will ever read this text, because the form is not offered in its language. Add the language to
            `languages`, or take the text out.
        """,
        where="form",
        wrong="""
            languages: [en]
            title: {en: News, nl: Nieuws}
        """,
        right="""
            languages: [en]
            title: {en: News}
        """,
    ),
    "AK217": Code(
        "a period in the wrong form, or out of bounds",
        why="""
            People are told how long their data is kept (GDPR art. 13(2)(a)), and the kit deletes it by the same
            period. So it is a number and a unit, from 1 day to 100 years.
        """,
        wrong="keep: two years",
        right="keep: 2 years",
    ),
    "AK218": Code(
        "not an email address",
        why="""
            People have to be able to reach the company and its data protection officer (GDPR art. 13(1)(a) and (b)).
            To this address no mail could be sent. Before the @ of `contact` only ASCII may stand: every mail names it
            as its reply address, and few mail servers take such a mail otherwise (RFC 6531).
        """,
        where="controller",
        wrong="contact: privacy",
        right="contact: privacy@company.example",
    ),
    "AK219": Code(
        "not an https address",
        why="""
            The privacy statement is a link on every form. It has to be a whole address, and one that nobody can change
            on its way to the reader.
        """,
        where="controller",
        wrong="""
            privacy_statement:
              en: www.company.example/privacy
        """,
        right="""
            privacy_statement:
              en: https://www.company.example/privacy
        """,
    ),
    "AK220": Code(
        "not an origin",
        why="""
            Only the sites named here may show the form inside a page of theirs. Browsers compare scheme, host and port
            alone: a path or a wildcard would let in more than you mean, or nobody.
        """,
        where="controller",
        wrong="origins: [https://www.company.example/shop]",
        right="origins: [https://www.company.example]",
    ),
    "AK221": Code(
        "a number out of bounds",
        why="""
            The number is smaller or larger than this key takes: an age of the gate lies from 13 to 18 (GDPR art. 8(1)),
            the radius of a corner from 0 to 16 pixels.
        """,
        where="controller",
        wrong="theme: {radius: 40}",
        right="theme: {radius: 8}",
    ),
    "AK222": Code(
        "an unknown country",
        why="""
            From the country follow the clock, the age of digital consent and whether data leaves the European Economic
            Area. It is a code of two capital letters; the United Kingdom is `GB`.
        """,
        where="controller",
        wrong="country: Belgium",
        right="country: BE",
    ),
    "AK223": Code(
        "an empty list",
        why="""
            A form in no language, or a purpose without data, is nothing that people can agree to. Write at least one
            entry.
        """,
        where="form",
        wrong="languages: []",
        right="languages: [en]",
    ),
    "AK224": Code(
        "a key that has no meaning here",
        why="""
            Beside what the rest of the file says, this key would do nothing, and whoever reviews the file would believe
            that it does. Here: a form for adults has no age gate; nor has it a `service`, which says which age counts.
        """,
        where="form",
        wrong="""
            audience: adults
            age_gate: {countries: [BE]}
        """,
        right="""
            audience: adults
            because: We sell to companies only.
        """,
    ),
    "AK225": Code(
        "a choice without options",
        why="""
            Where there is nothing to choose from, or one thing only, there is no choice. Write two options or more, or
            another type of field.
        """,
        where="field",
        wrong="""
            type: choice
            options:
              - {id: ghent, label: {en: Ghent}}
        """,
        right="""
            type: choice
            options:
              - {id: ghent, label: {en: Ghent}}
              - {id: bruges, label: {en: Bruges}}
        """,
    ),
    "AK226": Code(
        "a code that cannot be accepted",
        why="""
            `accept` answers findings that a person has to judge. An error is no matter of judgement: it can only be
            mended. A code that does not exist answers nothing.
        """,
        where="form",
        wrong="""
            accept:
              - code: AK301
                because: We need the yes.
        """,
        right="""
            intro: {en: We ask our employees whether they want to be in a picture.}
            accept:
              - code: AK351
                because: The works council agreed, and a no has no effect on anybody.
        """,
    ),
    "AK227": Code(
        "an accepted code that nothing reports",
        why="""
            The text that was in question is gone, the code is the wrong one, or `at` names another place. An answer
            that is left over would hide the next finding of this kind.
        """,
        where="form",
        wrong="""
            accept:
              - code: AK305
                because: It is about bread.
        """,
        right="# no accept",
        severity="warning",
    ),
    "AK228": Code(
        "a form for adults that does not say why it reaches adults only",
        why="""
            A child's yes needs a parent below an age that differs by country (GDPR art. 8(1)). Without an age gate
            nobody asks for the age, so the file says how you know that no child meets this form.
        """,
        where="form",
        wrong="""
            audience: adults
            # no because
        """,
        right="""
            audience: adults
            because: The form stands behind the login for companies.
        """,
    ),
    "AK229": Code(
        "a form that children may meet, without an age gate",
        why="""
            Below the age of digital consent a parent has to agree (GDPR art. 8(1)), and the kit has to know whom to
            ask. The gate asks for the date of birth before anything else, by the rules of the countries that you name.
        """,
        where="form",
        wrong="""
            audience: everyone
            # no age_gate
        """,
        right="""
            audience: everyone
            age_gate: {countries: [BE]}
        """,
    ),
    "AK231": Code(
        "a font that is no stack of families",
        why="""
            A font is a word of the kit, or the names of families that are on people's devices, the wanted one first. A
            stack ends in a generic family such as `serif`, because no device has them all; nothing is loaded.
        """,
        where="controller",
        wrong="theme: {font: Gill Sans}",
        right='theme: {font: "Gill Sans, Calibri, sans-serif"}',
    ),
    "AK232": Code(
        "a logo that cannot be shown",
        why="""
            The kit serves the logo from its own address, beside every form and behind every link of a mail. So it is a
            small file in the folder of `controller.yaml` that shows itself, runs nothing and loads nothing.
        """,
        where="controller",
        wrong="theme: {logo: https://www.demolen.example/logo.svg}",
        right="# no logo",
    ),
    "AK233": Code(
        "an autofill token that does not fit the field",
        why="""
            A browser fills in what the token names (HTML, 4.10.18.7; WCAG 2.2, 1.3.5). Where that is no answer to the
            question it fills in something wrong. `none` leaves the field empty, as where it asks about somebody else.
        """,
        where="field",
        wrong="""
            type: tel
            fill: given-name
        """,
        right="""
            type: tel
            fill: tel
        """,
    ),
}
