"""AK321 to AK331, AK355 and AK359: forms that children meet."""

from .record import Code

CODES = {
    "AK321": Code(
        "an age of the gate that is not higher than the law asks",
        law="GDPR art. 8(1)",
        why="""
            Each country has its age of digital consent, from 13 to 16, and the kit knows it; with `service: offline`
            it is the age that counts there, as a rule 18. `age` is there to ask for more; here it says what the law
            says already, or less.
        """,
        where="form",
        wrong="age_gate: {countries: [BE], age: 13}",
        right="age_gate: {countries: [BE], age: 16}",
    ),
    "AK322": Code(
        "an age gate below the age of the controller's own country",
        law="GDPR art. 8(1)",
        why="""
            A company cannot pick the country with the lowest age: the law of its own country counts as well as those of
            the children it reaches (EDPB 05/2020 §131). With `service: offline` the ages are those outside online
            services.
        """,
        where="form",
        wrong="""
            # controller.yaml: country: NL
            # controller.yaml: authority: nl-ap
            age_gate: {countries: [BE]}
        """,
        right="""
            # controller.yaml: country: NL
            # controller.yaml: authority: nl-ap
            age_gate: {countries: [BE, NL]}
        """,
    ),
    "AK323": Code(
        "no words for children",
        law="GDPR art. 12(1), recital 58",
        why="""
            A child has to understand what happens with its data. So title, intro, the labels and every purpose that is
            asked have words for a ten-year-old beside those for adults.
        """,
        wrong="# no child",
        right="""
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. After 2 years it stops.}
        """,
    ),
    "AK324": Code(
        "a text that is too hard for a child",
        law="GDPR art. 12(1), recital 58",
        why="""
            The linter counts the words of a sentence and the syllables of a word, by the formula for the language
            (Flesch, Flesch-Douma, Kandel-Moles). Long words in long sentences are read by few children.
        """,
        wrong="""
            child:
              title: {en: A recipe for you}
              text:
                en: >-
                  Registration gives membership of our international association. Organisers communicate everything
                  concerning competitions and celebrations. Participants receive personal suggestions electronically.
                  Membership automatically terminates after 2 years. Everybody appreciates regular communication.
        """,
        right="""
            child:
              title: {en: A recipe for you}
              text: {en: You join our club. We email you a recipe. After 2 years it stops.}
        """,
        severity="warning",
    ),
    "AK325": Code(
        "a sentence that is long for a child; how long is a matter of judgement",
        law="GDPR art. 12(1)",
        why="""
            Children lose the thread in a sentence of more than 14 words. One idea in a sentence, about ten words:
            mostly a full stop in the place of an “and” is enough.
        """,
        wrong="""
            child:
              title: {en: A recipe for you}
              text:
                en: We email you a recipe each month and you can make it at home with your dad. After 2 years it stops.
        """,
        right="""
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe each month. You can make it at home. After 2 years it stops.}
        """,
        severity="warning",
    ),
    "AK326": Code(
        "a word that children do not know",
        law="GDPR art. 12(1), recital 58",
        why="""
            Words such as consent, process or withdraw are words of lawyers. The message names plain ones; children get
            the same facts in them.
        """,
        wrong="""
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. You can withdraw. After 2 years it stops.}
        """,
        right="""
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. You can say stop. After 2 years it stops.}
        """,
        severity="answer",
    ),
    "AK327": Code(
        "a recipient that adults read of and children do not",
        law="GDPR art. 13(1)(e), 5(1)(a)",
        why="""
            Plain words may be fewer, but they hide nothing. Whoever gets the data is named to the child as well, or, of
            more than three, their number.
        """,
        wrong="""
            recipients:
              - {name: Post BV, role: processor, country: BE, use: {en: sends the email}}
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. After 2 years it stops.}
        """,
        right="""
            recipients:
              - {name: Post BV, role: processor, country: BE, use: {en: sends the email}}
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. Post BV sends it. After 2 years it stops.}
        """,
        severity="answer",
    ),
    "AK329": Code(
        "a child's data for another controller; protected, not forbidden",
        law="GDPR recital 38",
        why="""
            A recipient with `role: controller` decides itself what it does with the child's data. Children deserve
            special protection there. Leave it out, or accept the warning with the reason why the child is safe.
        """,
        wrong="""
            recipients:
              - {name: Post BV, role: controller, country: BE, use: {en: sends the email}}
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. Post BV sends it. After 2 years it stops.}
        """,
        right="""
            recipients:
              - {name: Post BV, role: processor, country: BE, use: {en: sends the email}}
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. Post BV sends it. After 2 years it stops.}
        """,
        severity="warning",
    ),
    "AK330": Code(
        "something of a child made public; protected, not forbidden",
        law="GDPR recital 38, 65",
        why="""
            What everybody has seen of a child cannot be called back, and the child may regret it years later. Keep it
            within the company, or accept the finding with the reason.
        """,
        wrong="""
            child:
              title: {en: Your drawing}
              text: {en: We put your drawing on our website. After 2 years it stops.}
        """,
        right="""
            child:
              title: {en: Your drawing}
              text: {en: We keep your drawing in our club. After 2 years we throw it away.}
        """,
        severity="answer",
    ),
    "AK331": Code(
        "direct marketing to children; protected, not forbidden",
        law="GDPR recital 38",
        why="""
            Children know less about what advertising wants from them, and the law names marketing first among what they
            are to be protected from. Leave it out, or accept the warning with the reason.
        """,
        wrong="direct_marketing: true",
        right="direct_marketing: false",
        severity="warning",
    ),
    "AK355": Code(
        "a computer that decides about a child; it should not",
        law="GDPR recital 71",
        why="""
            A decision that a computer takes alone should not concern a child. Let a person decide, or accept the
            warning with the reason.
        """,
        wrong="""
            automated_decisions:
              logic: {en: A computer counts the recipes that you have made.}
              consequences: {en: Who made ten may come to the bakery.}
        """,
        right="automated_decisions: none",
        severity="warning",
    ),
    "AK359": Code(
        "a gift, a prize or urging in marketing that children read; some words have another meaning",
        law="GDPR recital 38, EDPB 05/2020 §48, Directive 2005/29 annex I point 28",
        why="""
            A child cannot weigh a free cake against what is asked for it, and asks its parents for the cake. So a gift,
            a prize or urging (“ask your parents”, “do not miss it”) stands in no title or text for children of a
            purpose with `direct_marketing: true`, not even where the title names the gift. Say what comes and how
            often. Where the word means something else, such as the price of bread, accept the finding and say what.
        """,
        wrong="""
            direct_marketing: true
            child:
              title: {en: A free cake for you}
              text: {en: We email you a voucher. Ask your parents. There are ads in it too.}
        """,
        right="""
            child:
              title: {en: News of the shop by email}
              text: {en: We email what is new. There are ads in it too.}
        """,
        severity="answer",
    ),
    "AK391": Code(
        "a child that is to press its parents; to ask them once is fine",
        law="GDPR recital 38, Directive 2005/29 annex I point 28",
        why="""
            A child that has to keep asking, or to ask nicely until it is a yes, does the work of the company at home. A
            text may say that a parent or guardian decides, and that no is fine.
        """,
        wrong="""
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. Ask mum or dad and keep asking. After 2 years it stops.}
        """,
        right="""
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. Let a grown-up use the oven. After 2 years it stops.}
        """,
        severity="answer",
    ),
    "AK392": Code(
        "a secret from parents; a riddle may have one",
        law="GDPR recital 38",
        why="""
            Whoever tells a child to hide something from its parents takes away who protects it. A parent or guardian
            may know what a child agreed to, and often decides.
        """,
        wrong="""
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. Keep it hidden from your parents. After 2 years it stops.}
        """,
        right="""
            child:
              title: {en: A recipe for you}
              text: {en: We email you a recipe. You may show it to your parents. After 2 years it stops.}
        """,
        severity="answer",
    ),
    "AK393": Code(
        "a child's text that contradicts itself or the file",
        law="GDPR art. 5(1)(a), 12(1)",
        why="""
            Plain words hide nothing. What is on a website is seen by others, what sells is advertising, and what ends
            after a period does not end “one day”.
        """,
        wrong="""
            child:
              title: {en: Your drawing}
              text: {en: Your drawing stays between us. All players can see it. After 2 years we throw it away.}
        """,
        right="""
            child:
              title: {en: Your drawing}
              text: {en: We keep your drawing in our club. After 2 years we throw it away.}
        """,
        severity="answer",
    ),
}
