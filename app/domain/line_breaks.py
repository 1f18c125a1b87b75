"""Where no line of a page or a mail breaks: in "e-mail", in a telephone number, between a number and what it counts."""

import re

_PIECE = re.compile(
    r"<(?P<verbatim>title|textarea|option|script|style)\b.*?</(?P=verbatim)>"
    r'|<span translate="no">[^<]*</span>'  # a name, or what somebody typed
    r"|<[^>]*>"
    r"|(?<![\w@.+/-])(?P<piece>"
    r"e-mail\w{,12}"
    r"|(?P<phone>[+\d][\d ]{6,16}\d)"
    r"|\d{1,4}(?:er|\.\d\d)? [^\W\d]{1,12}(?: \d{4})?"  # 2 jaar, 14.32 uur, 9000 Gent, 1er décembre 2026
    r")(?![\w@])",
    re.DOTALL | re.IGNORECASE,
)
_NO_BREAK = str.maketrans({" ": "\u00a0", "-": "\u2011"})


def in_one_piece(html: str) -> str:
    """A page with each of these in a `span` of the class `whole`, which the style sheet keeps together.

    So people find, copy and hear them as they are written, which U+2011 and U+00A0 would spoil.
    """
    return _PIECE.sub(
        lambda found: f'<span class="whole">{found["piece"]}</span>' if found["piece"] else found[0], html
    )


def with_no_break_characters(html: str) -> str:
    """A mail, or a text in it, with U+2011 and U+00A0 in each of these: it has to be light, and styles get lost.

    What stands above the end of a heading stays as it is, and so does a telephone number, for whoever copies it.
    """
    above, end, below = html.rpartition("</h1>")
    return above + end + _PIECE.sub(_with_no_break, below)


def _with_no_break(found: re.Match[str]) -> str:
    return found["piece"].translate(_NO_BREAK) if found["piece"] and not found["phone"] else found[0]
