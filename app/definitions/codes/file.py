"""AK1xx: the files of a forms folder, and YAML itself."""

from .record import Code

CODES = {
    "AK101": Code(
        "nothing can be read at this path",
        why="""
            The linter was pointed at a file or folder that is not there, or that it may not open. What cannot be read
            cannot be checked, so this is never passed over in silence.
        """,
        where="command",
        wrong="akkoord check forms/compny",
        right="akkoord check forms/company",
    ),
    "AK102": Code(
        "the file is larger than 256 kB",
        why="""
            A definition holds the texts of one form and nothing else. A file this large holds something else, such as
            a picture or a copy of another file.
        """,
        where="folder",
        wrong="""
            company/controller.yaml
            company/newsletter.yaml  (300 kB)
        """,
        right="""
            company/controller.yaml
            company/newsletter.yaml  (8 kB)
            company/courses.yaml  (8 kB)
        """,
    ),
    "AK103": Code(
        "the file is not UTF-8",
        why="""
            Letters such as é and ë have to reach people as they were written. Only one encoding is read, so that
            nothing has to be guessed: choose UTF-8 in your editor when you save the file.
        """,
        where="folder",
        wrong="""
            company/controller.yaml
            company/newsletter.yaml  (saved as Windows-1252)
        """,
        right="""
            company/controller.yaml
            company/newsletter.yaml  (saved as UTF-8)
        """,
    ),
    "AK104": Code(
        "the file holds control characters",
        why="""
            A control character has no look of its own: a screen, a mail or a browser may act upon it. It mostly comes
            along when text is copied from another program.
        """,
        where="form",
        wrong="title: {en: News<U+0007>}",
        right="title: {en: News}",
    ),
    "AK105": Code(
        "the file is not YAML",
        why="""
            The file cannot be read as YAML, mostly because of a quote that is not closed, a colon in a text without
            quotes, or lines that are indented differently. The message says which.
        """,
        where="form",
        wrong="""
            title: {en: "News}
        """,
        right="""
            title: {en: "News"}
        """,
    ),
    "AK106": Code(
        "a YAML tag or directive",
        why="""
            In YAML a tag can make a program build objects, and even run code. A definition is data and nothing else,
            so that a privacy officer can read all that it does.
        """,
        where="form",
        wrong="title: !text {en: News}",
        right="title: {en: News}",
    ),
    "AK107": Code(
        "a YAML anchor or alias",
        why="""
            An alias repeats what stands elsewhere in the file. Whoever reviews a form has to see each text where
            people will read it, so every text is written out.
        """,
        where="form",
        wrong="""
            title: &title {en: News}
        """,
        right="title: {en: News}",
    ),
    "AK108": Code(
        "a YAML merge key",
        why="""
            A merge key brings in keys from elsewhere, so that nobody sees any more what a part of the form holds. Write
            the keys themselves.
        """,
        where="form",
        wrong="<<: {title: {en: News}}",
        right="title: {en: News}",
    ),
    "AK109": Code(
        "a key is written twice",
        why="""
            Two values for one key: people would read one, and whoever reviews the file might read the other. Keep the
            one that is meant.
        """,
        where="form",
        wrong="""
            title: {en: News}
            title: {en: Offers}
        """,
        right="title: {en: News}",
    ),
    "AK110": Code(
        "several documents in one file",
        why="""
            A line of three dashes begins a second document. One file is one form: its name is part of the address of
            the form.
        """,
        where="form",
        wrong="""
            ---
            title: {en: A second form}
        """,
        right="title: {en: A form}",
    ),
    "AK111": Code(
        "nested deeper than 20",
        why="""
            No definition needs so many levels. A file that has them was made by a program that went wrong, or to keep
            the reader of YAML busy.
        """,
        where="form",
        wrong="title: [[[[[[[[[[[[[[[[[[[[[[News]]]]]]]]]]]]]]]]]]]]]]",
        right="title: {en: News}",
    ),
    "AK112": Code(
        "a key that is not text",
        why="""
            Every key of a definition is a word. YAML reads a number, `true`, `null` or a list before the colon as
            something else.
        """,
        where="form",
        wrong="1: News",
        right="title: {en: News}",
    ),
    "AK113": Code(
        "the file is empty",
        why="""
            An empty file is no form. `akkoord new company/newsletter` writes one to start from, with a remark for
            every key.
        """,
        where="folder",
        wrong="""
            company/controller.yaml
            company/newsletter.yaml  (0 kB)
        """,
        right="""
            company/controller.yaml
            company/newsletter.yaml  (4 kB)
        """,
    ),
    "AK114": Code(
        "a link that leads outside the forms folder",
        why="""
            What people are asked has to stand in the folder that is reviewed. Behind a link to another place the text
            could change without anybody noticing.
        """,
        where="folder",
        wrong="""
            company/controller.yaml
            company/newsletter.yaml -> /home/tom/newsletter.yaml
        """,
        right="""
            company/controller.yaml
            company/newsletter.yaml
        """,
    ),
    "AK115": Code(
        "not a regular file",
        why="""
            A definition is an ordinary file. A folder, a pipe or a device under such a name cannot be read like one,
            and might never end.
        """,
        where="folder",
        wrong="""
            company/controller.yaml
            company/newsletter.yaml/
        """,
        right="""
            company/controller.yaml
            company/newsletter.yaml
        """,
    ),
    "AK116": Code(
        "a folder or file name that cannot be part of an address",
        why="""
            The form is served at `/f/company/newsletter`, after the names of its folder and its file. In an address
            only small letters, digits, `-` and `_` stay as they are.
        """,
        where="folder",
        wrong="""
            company/controller.yaml
            company/Spring offers.yaml
        """,
        right="""
            company/controller.yaml
            company/spring_offers.yaml
        """,
    ),
    "AK117": Code(
        "a controller folder without controller.yaml",
        why="""
            Every page and mail says who asks (GDPR art. 13(1)(a)). That stands in `controller.yaml`, once for all
            forms of a company.
        """,
        where="folder",
        wrong="""
            company/newsletter.yaml
        """,
        right="""
            company/controller.yaml
            company/newsletter.yaml
        """,
    ),
    "AK118": Code(
        "a forms folder without definitions",
        why="""
            There is no folder of a company here, so there is nothing to check or to serve. Mostly the path or
            AKKOORD_FORMS_DIR leads one folder too high or too low.
        """,
        where="folder",
        wrong="readme.txt",
        right="""
            company/controller.yaml
            company/newsletter.yaml
        """,
    ),
    "AK119": Code(
        "a controller without forms",
        why="""
            The company is described, and nothing is asked in its name yet. That may be as you want it.
        """,
        where="folder",
        wrong="company/controller.yaml",
        right="""
            company/controller.yaml
            company/newsletter.yaml
        """,
        severity="warning",
    ),
    "AK120": Code(
        "a YAML file that is not read",
        why="""
            Somebody may believe that this form is served. Only files with a name that ends in `.yaml` are read, and
            only in the folder of a company.
        """,
        where="folder",
        wrong="""
            company/controller.yaml
            company/newsletter.yml
        """,
        right="""
            company/controller.yaml
            company/newsletter.yaml
        """,
        severity="warning",
    ),
    "AK121": Code(
        "more than 10 000 keys and values",
        why="""
            The largest form that the other bounds allow has about half of that. So much was made by a program that
            went wrong.
        """,
        where="form",
        wrong="""
            keywords:
              - word 1  # and 10000 more
        """,
        right="""
            # no keywords
        """,
    ),
}
