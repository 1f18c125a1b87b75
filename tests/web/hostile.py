"""Texts that nobody types by accident, raw as a request carries them, and how they may be stored."""

import unicodedata
from collections import Counter
from urllib.parse import quote_plus

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_BLANK = " \u200b\u2060\ufeff"
FORM_TYPE = "application/x-www-form-urlencoded"

TEXTS = {
    "empty": "",
    "spaces": " \t\u00a0\u2003 ",
    "NUL": "a\x00b",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x80\x85\x9f",
    "line ends": "a\r\nb\rc\n\u2028d\u2029e\x0bf\x0cg\x1ch",
    "header break": "x\r\nBcc: evil@voorbeeld.test\r\n\r\n<b>hello</b>",
    "encoded word": "=?utf-8?q?x=0d=0aBcc:_evil@voorbeeld.test?=",
    "right to left": "\u202egro.elpmaxe\u202c \u2067abc\u2069 \u200f\u061c",
    "joiners": "👩\u200d👩\u200d👧 \u200b\u2060\ufeff",
    "four bytes": "\U0001f4a9\U00020000\U0010fffd",
    "unassigned": "\U000e0fff\ufdd0\uffff\ue000",
    "combining": "Z" + "\u0301" * 90,
    "not composed": "Zoe\u0308 A\u030a",
    "homograph": "s\u043ef\u0456\u0435@v\u043e\u043erb\u0435\u0435ld.test",
    "international domain": "sofie@bücher.test",
    "script": "<script>alert(1)</script>",
    "broken out": "\"'></textarea></select></title></p></form><img src=x onerror=alert(1)>",
    "comment": "<!-- --> <![CDATA[ ]]> <?php ?> &lt;script&gt; &#60;",
    "attribute": '" onfocus=alert(1) autofocus x="',
    "address": "javascript:alert(1)//https://evil.example",
    "templates": "{{7*7}} {% x %} ${7*7} #{7*7} <%= 7*7 %> %(email)s %s %n {0} {email} {}",
    "formula": "=cmd|' /C calc'!A0",
    "formula with at": "@SUM(1+1)",
    "formula with minus": "-1+1",
    "tab formula": "\t=1+1",
    "sql": "' OR 1=1; DROP TABLE subjects; --",
    "like": "%_%",
    "path": "../../etc/passwd",
    "long": "x" * 5000,
    "long lines": "x\r\n" * 900,
    "long address": "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".test",
    "quoted address": '"a b"@voorbeeld.test',
    "address with a comment": "sofie(x)@voorbeeld.test",
    "address with a literal": "sofie@[127.0.0.1]",
    "two addresses": "a@voorbeeld.test, b@voorbeeld.test",
    "plus": "sofie+spam@voorbeeld.test",
    "braces": "{sofie}@voorbeeld.test",
    "not a number": "NaN Infinity 1e999 -0 0x10 ١٢٣",
    "date": "29 februari 2023 99999999999999999999",
}
RAW = {name: quote_plus(text) for name, text in TEXTS.items()} | {
    "lone surrogate": "a%ED%A0%80b",
    "surrogate pair": "%ED%A0%BD%ED%B8%80",
    "overlong": "%C0%AF%E0%80%BC%F0%80%80%BC",
    "cut off": "abc%F0%9F%98",
    "not utf-8": "%FF%FE%E9",
    "half an escape": "%4 %zz %",
    "utf-7": "+ADw-script+AD4-",
}

READ_AS = TEXTS | {
    "lone surrogate": "a%ED%A0%80b",
    "surrogate pair": "%ED%A0%BD%ED%B8%80",
    "overlong": "%C0%AF%E0%80%BC%F0%80%80%BC",
    "cut off": "abc%F0%9F%98",
    "not utf-8": "%FF%FE%E9",
    "half an escape": "%4 %zz %",
    "utf-7": " ADw-script AD4-",
}
"""What the raw ones are read as: escapes that are no UTF-8 stay the characters that they are written with."""


Skeleton = Counter[tuple[str, tuple[str, ...]]]


def post(client: FlaskClient, address: str, body: str) -> TestResponse:
    return client.post(address, data=body.encode(), content_type=FORM_TYPE)


def repeating(benign: Skeleton, case: str) -> Skeleton:
    """What is repeated of an address stands in a mark of its own, where there is anything to repeat."""
    return benign if READ_AS[case].strip() else benign - Counter([("span", ("translate",))])


def kept(case: str) -> tuple[str, ...]:
    """How a text may be stored when it is: composed, without the blanks around it, lines ended in one way.

    Signs without a width are blanks at the ends of a text alone: within it they join letters and emoji.
    """
    text = unicodedata.normalize("NFC", READ_AS[case].replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip(), text.replace("\t", " ").strip(), text.strip(_BLANK)
