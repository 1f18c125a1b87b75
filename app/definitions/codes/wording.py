"""AK332 to AK350, AK353 and AK380: how it is worded.

What is read in words is answered: mended, or accepted in the file with the reason. Hollow promises (AK347) and words of
lawyers (AK350) are a matter of style, and a warning.
"""

from .record import Code

CODES = {
    "AK332": Code(
        "silence or inaction taken for consent",
        law="GDPR recital 32",
        why="""
            A yes is something that a person does. Whoever does not answer has not agreed: silence and doing nothing are
            no consent, whatever the text says. Say what happens after a yes.
        """,
        wrong="""
            text: {en: "If you do nothing, we assume that you agree."}
        """,
        right="""
            text: {en: "If you say yes, we email you once a month."}
        """,
        severity="answer",
    ),
    "AK333": Code(
        "going on taken for consent",
        law="GDPR art. 4(11), C-673/17 Planet49",
        why="""
            Who goes on, scrolls or presses a button wants the next page. That is no clear yes to something else; only
            the box that a person ticks is one.
        """,
        wrong="text: {en: By continuing you let us email you once a month.}",
        right="""
            text: {en: "If you tick this, we email you once a month."}
        """,
        severity="answer",
    ),
    "AK334": Code(
        "a box that is ticked to refuse",
        law="GDPR art. 4(11), recital 32",
        why="""
            A tick means yes. A box that has to be ticked to refuse takes everybody who overlooks it for a yes.
        """,
        wrong="title: {en: Tick this if you do not want our newsletter}",
        right="title: {en: Our newsletter by email}",
        severity="answer",
    ),
    "AK335": Code(
        "words of a box ticked beforehand",
        law="GDPR recital 32, C-673/17 Planet49",
        why="""
            A box that is ticked already gives no consent, even if people can clear it. The kit shows every box empty,
            so that the text must not say otherwise.
        """,
        wrong="text: {en: This box is ticked by default. We email you once a month.}",
        right="text: {en: Tick what we may do. We email you once a month.}",
        severity="answer",
    ),
    "AK336": Code(
        "several things in one yes",
        law="GDPR recital 43, art. 7(2)",
        why="""
            People must be able to agree to one thing without the other, and a consent stands apart from terms and
            contracts. Write a purpose for each thing.
        """,
        wrong="title: {en: I accept the terms and the newsletter}",
        right="title: {en: Our newsletter by email}",
        severity="answer",
    ),
    "AK337": Code(
        "several channels in one yes",
        law="GDPR recital 43",
        why="""
            A mail is not a call: many would say yes to one and no to the other. Write a purpose for each channel.
        """,
        wrong="title: {en: News by email or phone}",
        right="title: {en: News by email}",
        severity="answer",
    ),
    "AK338": Code(
        "recipients without a name in a text",
        law="GDPR art. 13(1)(e), EDPB 05/2020 §65",
        why="""
            “Our partners” can be anybody. A consent covers those whom people could read about, so each gets its name,
            in the text and under `recipients`.
        """,
        wrong="text: {en: We give your name to our partners.}",
        right="""
            text: {en: We give your name to Stichting Leeswijzer.}
            recipients:
              - name: Stichting Leeswijzer
                role: controller
                country: NL
                use: {en: one magazine a year}
                contact: privacy@leeswijzer.example
        """,
        severity="answer",
    ),
    "AK360": Code(
        "advertising or a sale that is told, not asked; own customers may get more",
        law="Directive 2002/58 art. 13, GDPR art. 6(1)",
        why="""
            Advertising by email, telephone or text message needs a yes, and so does it to sell data. A basis that is
            only told does not give it, whatever people may object to afterwards. Mark advertising with
            `direct_marketing: true`, and ask for it.
        """,
        wrong="""
            basis: contract
            text: {en: We email you our offers unless you object.}
        """,
        right="""
            basis: contract
            text: {en: We email you the invoice.}
        """,
        severity="answer",
    ),
    "AK339": Code(
        "a consent that one must give, or a no that costs something",
        law="GDPR art. 7(4), recital 42",
        why="""
            A yes that one must give is not free, and so it is none; nor is it free where whoever says no pays more,
            waits longer or may not take part. Where the data is really needed, for a contract for example, the basis is
            another one and nothing is asked.
        """,
        wrong="""
            text: {en: "If you say no, you cannot take part."}
        """,
        right="""
            text: {en: "We email you once a month. If you say no, nothing changes."}
        """,
        severity="answer",
    ),
    "AK340": Code(
        "a hurdle before withdrawal",
        law="GDPR art. 7(3), EDPB 05/2020 §114",
        why="""
            To stop has to be as easy as to begin. The kit puts a link into every mail that stops it with one click, so
            no letter, login or reason may be asked for.
        """,
        wrong="""
            text: {en: "We email you once a month. To stop, write a letter."}
        """,
        right="""
            text: {en: "We email you once a month. You can stop at any time, with one click."}
        """,
        severity="answer",
    ),
    "AK341": Code(
        "guilt in the refusal: such a yes is not free in any context",
        law="GDPR art. 4(11), EDPB 03/2022",
        why="""
            Words that make a person feel bad about a no steer by emotion (EDPB 03/2022, stirring). A no is as good as a
            yes, and is worded as plainly.
        """,
        where="field",
        wrong="""
            type: choice
            options:
              - {id: "yes", label: {en: "Yes, I like recipes"}}
              - {id: "no", label: {en: "No, I prefer boring food"}}
        """,
        right="""
            type: choice
            options:
              - {id: "yes", label: {en: "Yes"}}
              - {id: "no", label: {en: "No"}}
        """,
        severity="answer",
    ),
    "AK342": Code(
        "pleading; harmless in a text about something else",
        law="EDPB 03/2022, stirring",
        why="""
            Who pleads makes it harder to say no or to stop. Say what happens and leave the feelings out.
        """,
        wrong="text: {en: We email you once a month. We will miss you when you go.}",
        right="text: {en: We email you once a month. You can stop at any time.}",
        severity="answer",
    ),
    "AK343": Code(
        "fear of missing out; true of an offer that does end",
        law="EDPB 03/2022, stirring",
        why="""
            Haste keeps people from thinking about their data. Say what comes, and how often. Of an offer that really
            ends the words may be true: then accept the finding.
        """,
        wrong="title: {en: Do not miss our offers}",
        right="title: {en: Our offers by email}",
        severity="answer",
    ),
    "AK344": Code(
        "the crowd as an argument; a fact in some texts",
        law="EDPB 03/2022, stirring",
        why="""
            What others do says nothing about what is good for this person, and presses people to follow.
        """,
        wrong="text: {en: Most people choose this. We email you once a month.}",
        right="text: {en: We email you once a month. You choose.}",
        severity="answer",
    ),
    "AK345": Code(
        "praise for the yes; harmless about a recipe",
        law="GDPR art. 4(11), EDPB 03/2022",
        why="""
            Yes and no stand side by side without a hint. Who calls one of them the better choice does not leave it
            free.
        """,
        wrong="title: {en: Our newsletter (recommended)}",
        right="title: {en: Our newsletter}",
        severity="answer",
    ),
    "AK346": Code(
        "a reward for the yes; allowed where a no costs nothing",
        law="GDPR recital 42, EDPB 05/2020 §46-48",
        why="""
            A discount can make it expensive to say no. Give it without the yes, or make the gift the purpose itself.
            Where a no really costs nothing, accept the finding and say why.
        """,
        wrong="""
            text: {en: "As a thank you, you get a coffee. We email you once a month."}
        """,
        right="""
            text: {en: "We email you once a month. If you say no, the price is the same."}
        """,
        severity="answer",
    ),
    "AK347": Code(
        "reassurance in place of facts; bad style, no breach",
        law="GDPR art. 12(1)",
        why="""
            “We value your privacy” tells nobody anything. Say what you do, who sees the data and how long you keep it.
        """,
        wrong="text: {en: We value your privacy.}",
        right="text: {en: Two people read your answer. After 2 years we delete it.}",
        severity="warning",
    ),
    "AK348": Code(
        "a vague purpose or period; the exact one may stand elsewhere",
        law="GDPR art. 5(1)(b), 13",
        why="""
            Nobody can agree to what is not said. “Among other things” and “as long as necessary” leave everything open:
            name each use, and a period.
        """,
        wrong="""
            text: {en: "We email you, among other things, our recipes."}
        """,
        right="text: {en: We email you our recipes. After 2 years we delete your address.}",
        severity="answer",
    ),
    "AK349": Code(
        "an answer that is neither yes nor no; harmless about a time",
        law="GDPR art. 4(11)",
        why="""
            “Maybe later” takes the place of the no, and leads to the same question again (EDPB 03/2022, continuous
            prompting). Let people say yes or no.
        """,
        where="field",
        wrong="""
            type: choice
            options:
              - {id: "yes", label: {en: "Yes"}}
              - {id: later, label: {en: Maybe later}}
        """,
        right="""
            type: choice
            options:
              - {id: "yes", label: {en: "Yes"}}
              - {id: "no", label: {en: "No"}}
        """,
        severity="answer",
    ),
    "AK390": Code(
        "a question that is asked again until it is answered with yes; harmless once in a year",
        law="GDPR art. 4(11), EDPB 03/2022, continuous prompting",
        why="""
            Who is asked at each visit gives in at last, and a yes that was given to be left alone is not free. A no is
            an answer: ask once.
        """,
        wrong="text: {en: We ask you again at every visit until you say yes.}",
        right="text: {en: We email you once a month. We ask only once.}",
        severity="answer",
    ),
    "AK350": Code(
        "words of lawyers in a short text; sometimes there is no other",
        law="GDPR art. 7(2), 12(1)",
        why="""
            A request for consent is written in clear and plain language, or it does not bind. The message names plain
            words for those of lawyers.
        """,
        wrong="text: {en: We use your name in order to greet you.}",
        right="text: {en: We use your name to greet you.}",
        severity="warning",
    ),
    "AK353": Code(
        "a text that looks like another language; counted, not understood",
        law="GDPR art. 12(1)",
        why="""
            People choose a language and have to be able to read all of the form in it. The linter counts the small
            words of each language in a sentence; a quotation may be counted wrongly, and is then accepted.
        """,
        wrong="text: {en: Nous vous envoyons une lettre par mois avec les recettes de la boulangerie.}",
        right="text: {en: Once a month we email what is new.}",
        severity="answer",
    ),
    "AK380": Code(
        "a statement of explicit consent that agrees to nothing",
        law="GDPR art. 9(2)(a), EDPB 05/2020 §93",
        why="""
            “It is clear to me that my data are used” says that somebody knows it, not that somebody agrees (EDPB
            05/2020, example 17). To have read a notice, to have received a copy or to have answered truly is no consent
            either. Let the person agree, to one use of the data that the statement names.
        """,
        wrong="""
            special_category:
              kind: health
              statement: {en: It is clear to me that my health data are used.}
        """,
        right="""
            special_category:
              kind: health
              statement: {en: I explicitly agree that the bakery uses what I write about my allergy to bake for me.}
        """,
        severity="answer",
    ),
}
