"""The pages of the tests are read as html5lib reads them, whatever stands in them and however often."""

import pytest

from tests.markup import parse, parsed

PAGE = '<!doctype html>\n<html lang="en"><head><title>{0}</title></head><body>{1}</body></html>\n'
SOUND = {
    "words and values": '<p class="a b">Hello <b>you</b> there</p><a href="/f/a?x=1&amp;y=2" title="it&#39;s">now</a>',
    "escapes": "<p>&lt;b&gt; &amp; &#34;x&#34; &amp;lt;</p>",
    "an escape that Jinja does not write": "<p>a&nbsp;b &eacute; &#x41;</p>",
    "white space": "<p> \n a  b\t\n</p> \n <p>\u00a0a\u00a0</p><p>\n</p>",
    "the first line of a textarea": "<textarea>\na</textarea><textarea>\n\na</textarea><textarea>a\n</textarea>",
    "other quotes": """<p title='x="y" z'>a</p><p id=a data-x="">b</p>""",
    "a comment": '<!-- a <b title="c">d</b> --><p>e</p>',
    "a script": '<script src="/static/x.js">if (a &amp;&amp; b) {}</script>',
    "a table": '<table><tbody><tr><td>a</td></tr></tbody></table><input type="hidden" value="b">',
    "numbers like ours": "<p>\ue0000\ue001</p>",
    "far planes": "<p>\U0001f4a9 \u202e \u2028</p>",
}
FAULTY = {
    "not nested": "<p>a<b>b</p></b>",
    "not closed": "<div><p>a</p>",
    "twice the same attribute": '<p id="a" id="b">c</p>',
    "a bare ampersand": "<p>a &b; c</p>",
    "a bare ampersand in a value": '<a href="/f?a&b;=1">x</a>',
    "a control character": "<p>a\x01b</p>",
    "the end of a plane": '<p title="\U0001ffff">a</p>',
    "a paragraph in a button in a table": "<table><p>a</p></table>",
    "values without a space between": '<p id="a"class="b">c</p>',
}


def _flat(html: str, cached: bool) -> object:
    root, faults = parsed(html) if cached else parse(html)
    found = [(str(e.tag), e.text or "", e.tail or "", dict(e.attrib), len(e)) for e in root.iter()]
    return found, faults


@pytest.mark.parametrize("case", SOUND | FAULTY)
def test_a_page_reads_as_html5lib_reads_it_the_first_time_and_with_other_words(case: str) -> None:
    for words in ("First", "Other & more".replace("&", "&amp;"), ""):
        html = PAGE.format(words, (SOUND | FAULTY)[case])
        assert _flat(html, cached=True) == _flat(html, cached=False)


@pytest.mark.parametrize("case", FAULTY)
def test_what_is_wrong_is_found_in_its_place(case: str) -> None:
    assert parsed(PAGE.format("", FAULTY[case]))[1]
