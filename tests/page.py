"""A page as a browser gets it: parsed, checked for all that holds on every page, and used as a person would use it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.languages import LANGUAGES
from tests.markup import parsed

NOBODY = "'none'"
FORM_CACHE = "public, max-age=60"
FOR_EVER = "public, max-age=31536000, immutable"
NO_STORE = "private, no-store"

_INLINE = frozenset(["a", "abbr", "b", "code", "em", "i", "label", "small", "span", "strong"])
_BLOCKS = frozenset(
    ["title", "h1", "h2", "h3", "p", "li", "dt", "dd", "button", "summary", "label", "a", "option", "footer", "header"]
)
_OURS = ("/f/", "/confirm/", "/guardian/", "/withdraw/", "/object/", "/stop/", "/lift/", "/link/", "/manage/")
_UNSEEN = frozenset(["script", "style", "head"])
_FILLED_IN = ("input", "select", "textarea")
_MEANT_TO_CHANGE = frozenset(["aria-describedby", "aria-invalid", "checked", "selected", "data-answer"])
_PLACEHOLDER = re.compile(r"\{[a-z_]*\}")
_MARK_WITHOUT_SPACE = re.compile(r"(?<![\u00a0\u202f])[;:!?»]|«(?![\u00a0\u202f])")
_LINE_ENDS, _BLANKS = re.compile(r"\n+"), re.compile(r"[ \t]{2,}|\t")
_CHECKED: set[int] = set()
_NO_MARK = re.compile(r"\d:\d|https?://\S+|mailto:")


class Page:
    """An HTML answer. Making one checks it; what differs from page to page is told to it.

    Args:
        response: the answer.
        status: the status that it must have.
        framed_by: the sites that may frame it, as they stand in `frame-ancestors`.
        cache: its `Cache-Control`.
        ticked: the values of the boxes that a person ticked; no other may be ticked.
        repeats: whether it repeats something odd that somebody typed: characters that no HTML may hold, braces.
    """

    def __init__(
        self,
        response: TestResponse,
        status: int = 200,
        *,
        framed_by: str = NOBODY,
        cache: str = NO_STORE,
        ticked: Iterable[str] = (),
        repeats: bool = False,
    ) -> None:
        self.response = response
        self.html = response.get_data(as_text=True)
        query = response.request.query_string.decode()
        self.address = response.request.path + (f"?{query}" if query else "")
        assert response.status_code == status, f"{self.address}: {response.status}\n{self.html[:2000]}"
        assert response.content_type == "text/html; charset=utf-8"
        self.root, errors = parsed(self.html)
        wrong = [error for error in errors if not (repeats and error[1] == "invalid-codepoint")]
        assert not wrong, f"{self.address}: {wrong}\n{self.html}"
        self._check_headers(framed_by, cache)
        self._check_step()
        content = hash((self.html, framed_by != NOBODY, repeats))
        if content not in _CHECKED:  # every second page is one that an earlier test got too
            self._check_structure()
            self._check_names()
            self._check_addresses(framed_by != NOBODY)
            self._check_language()
            if not repeats:
                self._check_words()
            _CHECKED.add(content)
        assert sorted(box.get("value", "") for box in self.all("input") if "checked" in box.attrib) == sorted(ticked)

    # What it says

    def all(self, tag: str = "*", **attributes: str) -> list[Element]:
        """All elements with this tag and these attributes, in the order of the source."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        if not wanted:
            return list(self.root.iter(tag))
        return [found for found in self.root.iter(tag) if all(found.get(name) == wanted[name] for name in wanted)]

    def one(self, tag: str = "*", **attributes: str) -> Element:
        """The one element with this tag and these attributes."""
        (found,) = self.all(tag, **attributes)
        return found

    def classed(self, name: str) -> list[Element]:
        """All elements of a class."""
        return [found for found in self.root.iter() if name in found.get("class", "").split()]

    @property
    def language(self) -> str:
        """The language that the page says it is in."""
        return self.root.get("lang", "")

    @property
    def title(self) -> str:
        """The title of the tab."""
        return text_of(self.one("title"))

    @property
    def h1(self) -> str:
        """The main heading."""
        return text_of(self.one("h1"))

    @cached_property
    def text(self) -> str:
        """All that can be read on the page, a line for each block."""
        return text_of(self.one("body"))

    @property
    def links(self) -> dict[str, str]:
        """Where links lead, by their text."""
        return {text_of(link): link.attrib["href"] for link in self.all("a")}

    @property
    def boxes(self) -> list[str]:
        """The values of the boxes, in the order of the source."""
        return [box.attrib["value"] for box in self.all("input", type="checkbox")]

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons that are seen, but for those of other languages, in the order of the source."""
        return [text_of(found) for found in self.all("button") if not {"aria-hidden", "lang"} & found.attrib.keys()]

    @property
    def problems(self) -> dict[str, str]:
        """What the summary of errors says, by the id that each line links to."""
        return {
            link.attrib["href"].removeprefix("#"): text_of(link)
            for summary in self.classed("errors")
            for link in summary.iter("a")
        }

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields for text, by name."""
        sent = self._sent_by(self.all("form")[0], {})
        return {name: value for name, value in sent if name not in ("form_token", "purposes")}

    @property
    def skeleton(self) -> Counter[tuple[str, tuple[str, ...]]]:
        """Which elements there are and which attributes they have, but for what errors and ticks add."""
        found: Counter[tuple[str, tuple[str, ...]]] = Counter()

        def count(element: Element) -> None:
            of_errors = {"errors", "error"} & set(element.get("class", "").split())
            if of_errors or "/static/errors." in element.get("href", ""):
                return
            found[element.tag, tuple(sorted(element.attrib.keys() - _MEANT_TO_CHANGE))] += 1
            for child in element:
                count(child)

        count(self.root)
        return found

    # What a person does

    def press(
        self,
        client: FlaskClient,
        button: str | int | None = 0,
        headers: Mapping[str, str] | None = None,
        /,
        **typed: str | Iterable[str],
    ) -> TestResponse:
        """Fill in and press a button, as a browser would send it.

        Args:
            client: the browser.
            button: its text, or its place in the main form; None for a form that a script sends.
            headers: more headers to send.
            typed: what to type, by the name of a field; for boxes the values to tick.
        """
        form, pressed = self._button(button)
        data = self._sent_by(form, typed)
        action = form.get("action") or self.address
        if pressed is not None and "name" in pressed.attrib:
            data.append((pressed.attrib["name"], pressed.get("value", "")))
            action = pressed.get("formaction", action)
        return client.post(
            urljoin(self.address, action),
            data=urlencode(data),
            content_type="application/x-www-form-urlencoded",
            headers=dict(headers or {}),
        )

    def follow(self, client: FlaskClient, text: str) -> TestResponse:
        """Click a link, or a button that leads to another page as a link would, with what was typed."""
        if text in self.links:
            return client.get(urljoin(self.address, self.links[text]))
        response = self.press(client, text)
        return client.get(response.headers["Location"]) if response.status_code == 303 else response

    def _button(self, wanted: str | int | None) -> tuple[Element, Element | None]:
        forms = self.all("form")
        if wanted is None:
            return forms[0], None
        if isinstance(wanted, int):
            return forms[0], self._buttons_of(forms[0])[wanted]
        ((form, button),) = [
            (form, button) for form in forms for button in self._buttons_of(form) if text_of(button) == wanted
        ]
        return form, button

    def _buttons_of(self, form: Element) -> list[Element]:
        """Those inside it, and those elsewhere that name it."""
        inside = [button for button in form.iter("button") if "form" not in button.attrib]
        outside = self.all("button", form=form.attrib["id"]) if "id" in form.attrib else []
        return inside + [button for button in outside if "aria-hidden" not in button.attrib]

    def _sent_by(self, form: Element, typed: Mapping[str, str | Iterable[str]]) -> list[tuple[str, str]]:
        known = {field.get("name", "") for tag in _FILLED_IN for field in form.iter(tag)}
        assert typed.keys() <= known, f"no field {typed.keys() - known}"
        data = []
        for field in form.iter():
            name = field.get("name", "")
            if field.tag not in _FILLED_IN or not name:
                continue
            if field.get("type") == "checkbox":
                chosen = name in typed and field.attrib["value"] in typed[name]
                if chosen or (name not in typed and "checked" in field.attrib):
                    data.append((name, field.attrib["value"]))
            else:
                value = typed.get(name, _value(field))
                assert isinstance(value, str)
                data.append((name, value))
        return data

    # What holds on every page

    def _check_headers(self, framed_by: str, cache: str) -> None:
        headers = self.response.headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        expected = {
            "default-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "style-src": "'self'",
            "frame-ancestors": framed_by,
        }
        wanted = expected | ({} if framed_by == NOBODY else {"script-src": "'self'"})
        assert policy == wanted, f"{self.address}: {policy}"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == ("no-referrer" if framed_by == NOBODY else "strict-origin")
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Strict-Transport-Security"]
        assert headers.get_all("Cache-Control") == [cache]
        for unwanted in ("X-Frame-Options", "Set-Cookie", "Access-Control-Allow-Origin", "Location"):
            assert unwanted not in headers

    def _check_structure(self) -> None:
        sheets = [link.attrib["href"].rpartition("/")[2].partition(".")[0] for link in self.all("link")]
        assert ("errors" in sheets) == bool(self.classed("errors") or self.all(aria_invalid="true")), sheets
        assert ("compact" in sheets) >= bool(self.classed("compact")), sheets
        assert self.html.startswith("<!doctype html>")
        assert self.language in LANGUAGES
        assert self.title.strip()
        assert self.h1.strip()
        assert len(self.all("main")) == 1
        assert not self.all("style")
        for element in self.root.iter():
            named = [name for name in element.attrib if name == "style" or name.startswith("on") or name == "srcdoc"]
            assert not named, f"<{element.tag} {named}>"
            assert int(element.get("tabindex", "0")) <= 0
        for script in self.all("script"):
            assert script.get("src", "").startswith("/static/")
            assert not script.text
        levels = [int(found.tag[1]) for found in self.root.iter() if found.tag in ("h1", "h2", "h3", "h4")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), levels

    def _check_names(self) -> None:
        ids = [element.attrib["id"] for element in self.root.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids)), [twice for twice, count in Counter(ids).items() if count > 1]
        for element in self.root.iter():
            for name in ("for", "aria-describedby", "aria-labelledby"):
                pointed = element.get(name, "").split()
                assert name not in element.attrib or pointed, f"<{element.tag} {name}> points nowhere"
                assert set(pointed) <= set(ids), f"<{element.tag} {name}={pointed}>"
        labelled = {label.attrib["for"] for label in self.all("label")}
        for tag in _FILLED_IN:
            for field in self.all(tag):
                assert field.get("type") == "hidden" or field.attrib["id"] in labelled, field.attrib
        for element in (*self.all("button"), *self.all("a"), *self.all("label"), *self.all("summary")):
            assert "".join(element.itertext()).strip(), f"an empty <{element.tag}>"
        for form in self.all("form"):
            assert form.attrib["method"] == "post"

    def _check_addresses(self, framed: bool) -> None:
        ids = {element.get("id") for element in self.root.iter()}
        for element in self.root.iter():
            for name in ("src", "href", "action", "formaction"):
                target = element.get(name, "")
                if name not in element.attrib or target.startswith("#"):
                    assert not target or target[1:] in ids, f"{target} is not on the page"
                    continue
                scheme = urlsplit(target).scheme
                assert scheme in ("", "https", "mailto"), target
                assert element.tag == "a" or (not scheme and target.startswith("/") and target[1:2] != "/"), target
                if element.tag == "a" and framed and not target.startswith("/f/"):
                    assert element.get("target") == "_blank", f"{target} opens inside the frame"
            assert element.get("target") != "_blank" or "noopener" in element.get("rel", "")

    def _check_step(self) -> None:
        """After the age question every way on keeps to what followed from it; only a step that is over starts anew.

        It is once who decides alone has answered: then no way on keeps to it.
        """
        step = parse_qs(urlsplit(self.address).query).get("step", [None])[0]
        if step is None or self.response.status_code in (404, 410):
            return
        assert not self.all("input", name="birth_year")
        kept = None if self.one("body").get("data-gate-over") else step
        for element in self.root.iter():
            for name in ("href", "action", "formaction"):
                target = element.get(name, "")
                if target.startswith("/f/"):
                    assert parse_qs(urlsplit(target).query).get("step", [None])[0] == kept, (
                        f"{target} leads to another step"
                    )

    def _check_language(self) -> None:
        """Each page of ours that this one leads to opens in its language, or in the one that the link names."""
        for element in self.root.iter():
            target = element.get("href") or element.get("action") or element.get("formaction") or ""
            if urlsplit(target).path.startswith(_OURS) or target.startswith("?"):
                expected = element.get("lang" if "formaction" in element.attrib else "hreflang", self.language)
                opens_in = parse_qs(urlsplit(target).query).get("lang")
                assert opens_in == [expected], f"{target} opens in another language than {expected}"

    def _check_words(self) -> None:
        for text in (self.title, self.text, *self._spoken()):
            assert not _PLACEHOLDER.search(text), _PLACEHOLDER.search(text)
        for text in _in_language(self.root, "fr", ""):
            for line in text.splitlines():
                odd = _MARK_WITHOUT_SPACE.search(_NO_MARK.sub("", line))
                assert odd is None, f"no no-break space: {line!r}"

    def _spoken(self) -> Iterator[str]:
        for element in self.root.iter():
            for name in ("aria-label", "title", "placeholder", "alt"):
                if name in element.attrib:
                    yield element.attrib[name]


def text_of(element: Element) -> str:
    """The text in an element: a line for each block, white space as a browser shows it."""
    pieces: list[str] = []
    _gather(element, pieces)
    lines = [line.strip(" ") for line in _LINE_ENDS.split(_BLANKS.sub(" ", "".join(pieces)))]
    return "\n".join(line for line in lines if line)


def _gather(element: Element, pieces: list[str]) -> None:
    if element.tag in _UNSEEN:
        return
    edge = "" if element.tag in _INLINE else "\n"
    pieces.append(edge)
    if element.text:
        pieces.append(element.text.replace("\n", " "))
    for child in element:
        _gather(child, pieces)
        if child.tail:
            pieces.append(child.tail.replace("\n", " "))
    pieces.append(edge)


def _in_language(element: Element, wanted: str, spoken: str) -> Iterator[str]:
    """The texts of the blocks in a language, with the words that only screen readers say."""
    spoken = element.get("lang", spoken)
    if spoken == wanted:
        yield from (element.attrib[name] for name in ("aria-label", "title", "placeholder") if name in element.attrib)
        if element.tag in _BLOCKS:
            yield text_of(element)
    for child in element:
        yield from _in_language(child, wanted, spoken)


def _value(field: Element) -> str:
    if field.tag == "textarea":
        return field.text or ""
    if field.tag == "select":
        options = list(field.iter("option"))
        return next((option for option in options if "selected" in option.attrib), options[0]).get("value", "")
    return field.get("value", "")
