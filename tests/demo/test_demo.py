"""`akkoord demo` as a stranger runs it: company sites, forms, inbox and preview, on this computer alone."""

import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from app import paths
from app.definitions import listing
from tests.delivery.sink import free_port, until
from tests.server.running import (
    Answer,
    Program,
    asked_for,
    forked,
    get,
    listeners,
    once_it_answers,
    own_forms,
    running,
)

Start = Callable[..., AbstractContextManager[Program]]

_LANGUAGES = re.compile(r"^languages: \[(.+)\]$", re.MULTILINE)
SAMPLES = [
    (f"{path.parent.name}/{path.stem}", language)
    for path in sorted(paths.SAMPLES.glob("*/*.yaml"))
    for found in _LANGUAGES.findall(path.read_text(encoding="utf-8"))
    for language in found.split(", ")
]
"""Each sample form in each of its languages. To check the forms for it took a twentieth of what a process collects."""

COMPANIES = sorted({name.partition("/")[0] for name, _ in SAMPLES})


@cache
def forms() -> dict[str, dict[str, Any]]:
    """What is served, by `controller/form`."""
    served = listing.forms(paths.SAMPLES, "", datetime.now(UTC).date())
    return {f"{form['controller']}/{form['form']}": form for form in served}


FIELDS = {
    "question": {"birth_day", "birth_month", "birth_year"},
    "adult": {"purposes", "email"},
    "teen": {"purposes", "email"},
    "child": {"purposes", "child_name", "guardian_email"},
    "parent": {"purposes", "email", "child_name", "child_birth_month", "child_birth_year", "is_guardian"},
}
"""What each audience is asked, of the fields whose names never change."""


class Demo:
    """A running demo. Its two origins are one server under two names."""

    def __init__(self, program: Program, port: int) -> None:
        self.program = program
        self.port = port
        self.kit = f"http://127.0.0.1:{port}"
        self.sites = f"http://localhost:{port}"

    def get(self, path: str) -> Answer:
        """A page of the company sites, the inbox or the preview."""
        return get(self.sites + path)

    def mails(self) -> list[str]:
        """The addresses of the mails in the inbox, newest first."""
        return re.findall(r'href="(/inbox/\d+)#mail"', self.get("/inbox").html)

    def mail(self, number: int) -> str:
        """The address of a mail, counted from 1, once it has come."""
        until(lambda: len(self.mails()) >= number, f"mail {number} in the inbox")
        return self.mails()[-number]

    def link(self, mail: str, kind: str) -> str:
        """The link of this kind in a mail, from its text."""
        page = self.get(f"{mail}?view=text").html
        found = re.search(rf'href="({self.kit}/{kind}/[^"]+)"', page)
        assert found is not None, page
        return unescape(found[1])


@contextmanager
def demo_in(folder: Path, log: str = "log", start: Start = forked, **settings: str) -> Iterator[Demo]:
    """A demo that answers. `start`: how it begins, where that is what the test is about."""
    port = free_port()
    with start(folder, "demo", "--port", str(port), log=log, **settings) as program:
        demo = Demo(program, port)
        assert once_it_answers(f"{demo.sites}/", program).status == 200
        yield demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of the sample forms, started in an empty folder."""
    with demo_in(tmp_path_factory.mktemp("demo"), start=running) as started:
        yield started


@pytest.fixture(scope="module")
def tailored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of forms of one's own: a form that was never good, and a part of those of a sample company.

    Its operator has set when the second mail to a parent comes.
    """
    folder = tmp_path_factory.mktemp("tailored")
    (own_forms(folder, "bakery") / "broken.yaml").write_text("languages: [nl]\n", encoding="utf-8")
    (folder / "forms" / "demolen").mkdir()
    for name in ("controller.yaml", "newsletter.yaml", "bakeclub.yaml"):
        shutil.copy(paths.SAMPLES / "demolen" / name, folder / "forms" / "demolen")
    with demo_in(folder, FORMS_DIR="forms", MAIL_PLUS_AFTER="1 second") as started:
        yield started


def test_it_says_where_to_look_and_how_to_stop(demo: Demo) -> None:
    assert demo.program.said == f"Akkoord demo: open {demo.sites}/\nStop with Ctrl+C.\n"


def test_it_listens_on_loopback_only(demo: Demo) -> None:
    assert listeners(demo.port) == {"0100007F"}


def test_it_needs_no_setting_and_writes_to_its_data_folder_alone(demo: Demo) -> None:
    folder = demo.program.log.parent
    assert sorted(path.name for path in folder.iterdir()) == ["home", "instance", "log"]
    assert list((folder / "home").iterdir()) == []
    assert (folder / "instance").stat().st_mode & 0o777 == 0o700
    assert demo.get("/preview/step?form=talentwerk/careers&step=errors").status == 200
    assert list((folder / "instance").glob("preview-*/akkoord.db"))


def test_the_kit_and_the_company_sites_are_two_origins(demo: Demo) -> None:
    assert demo.get("/").heading == "Consent that holds, to try for yourself"
    assert demo.get("/f/talentwerk/careers?lang=nl").status == 404
    assert get(f"{demo.kit}/f/talentwerk/careers?lang=nl").heading == "Contact over werk"
    assert get(f"{demo.kit}/inbox").status == 404
    at_the_door = get(f"{demo.kit}/")
    assert (at_the_door.status, at_the_door.headers["Location"]) == (302, f"{demo.sites}/")
    assert get(f"{demo.sites}/", host=f"evil.example:{demo.port}").status == 400


@pytest.mark.parametrize("company", COMPANIES)
def test_a_company_site_embeds_the_forms_of_the_company_in_each_of_their_languages(demo: Demo, company: str) -> None:
    start = demo.get("/").html
    assert start.count(f'href="/site/{company}"') == 1
    own = [name for name in forms() if name.partition("/")[0] == company]
    for language in forms()[own[0]]["languages"]:
        page = demo.get(f"/site/{company}?lang={language}")
        assert page.status == 200
        assert page.page.attrib["lang"] == language
        framed = [frame.attrib["src"] for frame in page.page.iter("iframe")]
        for element in page.page.iter("akkoord-form"):
            assert element.attrib["lang"] == language
            address = f"{demo.kit}/f/{element.attrib['form']}?lang={language}"
            assert [link.attrib["href"] for link in element.iter("a")] == [address]
            framed.append(f"{address}&site={demo.sites}")
            (script,) = page.page.findall(".//script")
            assert script.attrib["src"] == f"{demo.kit}/embed.js"
            assert get(script.attrib["src"]).status == 200
            assert get(f"{demo.sites}/embed.js").html == get(script.attrib["src"]).html  # as a beginner copies it
        assert sorted(framed) == [f"{demo.kit}/f/{name}?lang={language}&site={demo.sites}" for name in sorted(own)]
        for form in map(get, framed):
            assert form.status == 200
            assert demo.sites in frame_ancestors(form)
            domain = company if company != "hogeschool" else "rijnoever"
            assert f"https://www.{domain}.example" in frame_ancestors(form)
        for sheet in page.page.findall(".//link[@rel='stylesheet']"):
            assert get(demo.sites + sheet.attrib["href"]).status == 200


def test_the_start_page_says_for_each_form_what_to_try(demo: Demo) -> None:
    cards = list(demo.get("/").page.iterfind(".//ul[@class='cards']/li"))
    assert sorted(card.attrib["class"] for card in cards) == COMPANIES
    tips = [tip for card in cards for tip in card.iterfind("details/p/strong")]
    assert len(tips) == len(forms()) == 8
    assert [(name, language) for name, form in forms().items() for language in form["languages"]] == SAMPLES
    assert all(len((tip.tail or "").strip()) > 40 for tip in tips)


def test_the_bakery_says_nothing_of_an_age_or_a_parent_before_it_asks(demo: Demo) -> None:
    hints = re.compile(
        r"\b(\d+ (jaar|ans|years)|ouders?|voogd|parents?|tuteur|guardian|leeftijd|âge|age)\b", re.IGNORECASE
    )
    for language in ("nl", "fr", "en"):
        page = demo.get(f"/site/demolen?lang={language}").page
        assert hints.findall("".join(page.itertext())) == []


def frame_ancestors(answer: Answer) -> list[str]:
    """The origins that may frame a page."""
    found = re.search(r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"])
    assert found is not None
    return found[1].split()


def test_the_whole_way_from_the_form_to_the_withdrawn_consent(demo: Demo) -> None:
    sent = get(f"{demo.kit}/f/talentwerk/careers?lang=en").press(
        email="whole@way.test", purposes=["offers_mail", "keep_cv"]
    )
    assert "whole@way.test" in sent.html

    first = demo.mail(1)
    chosen = demo.get(first)
    assert "TalentWerk BV" in chosen.html
    assert "Confirm or refuse: Contact about work" in chosen.html
    assert "whole@way.test" in chosen.html
    (frame,) = chosen.page.findall(".//iframe")
    shown = demo.get(frame.attrib["src"])
    assert shown.heading == "Do you agree to this?"
    assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "allow-scripts" not in frame.attrib["sandbox"]
    assert "<b>Job offers by email</b>" in shown.html
    headers = demo.get(f"{first}?view=headers").html
    assert "Auto-Submitted" in headers
    assert "Message-ID" in headers

    question = get(demo.link(first, "confirm"))
    assert question.status == 200
    assert question.press().status == 200
    receipt = demo.mail(2)
    assert "List-Unsubscribe-Post" in demo.get(f"{receipt}?view=headers").html
    stopped = get(demo.link(receipt, "withdraw")).press()
    assert stopped.status == 200
    assert "You said stop" in demo.get(demo.mail(3)).html
    assert "whole@way.test" not in demo.program.said


def test_there_is_no_limit_on_sending(demo: Demo) -> None:
    before = len(demo.mails())
    for _ in range(5):
        form = get(f"{demo.kit}/f/metaalnet/events?lang=nl")
        assert form.press(email="again@and.again.test", purposes=["newsletter"]).status == 200
    demo.mail(before + 5)


@pytest.mark.parametrize(("form", "language"), SAMPLES)
def test_the_preview_shows_every_form_in_every_language_to_every_audience(demo: Demo, form: str, language: str) -> None:
    gated = forms()[form]["age_gate"] is not None
    audiences = ["question", "adult", "teen", "child"] if gated else ["adult"]
    if forms()[form]["service"] == "offline":
        audiences.remove("teen")  # below 18 a parent decides
    page = demo.get(f"/preview?form={form}&lang={language}")
    assert offered(page, "audience-h") == [
        f"/preview?form={form}&lang={language}&audience={audience}&width=320" for audience in audiences
    ]
    assert offered(page, "language-h") == [
        f"/preview?form={one}&lang={spoken}&audience={audiences[0]}&width=320" for one, spoken in SAMPLES if one == form
    ]
    code, plain = ("".join(snippet.itertext()) for snippet in page.page.findall(".//pre/code"))
    assert f'<akkoord-form form="{form}" lang="{language}"' in code
    assert f'<script src="{demo.kit}/embed.js" async></script>' in code
    assert "step=" not in code
    assert re.search(r'style="border:0;width:100%;height:\d{3,4}px"></iframe>$', plain)
    seen = [fields_of(framed(demo, address)) for address in offered(page, "audience-h")]
    is_for_children = forms()[form]["audience"] == "children"
    readers = ["parent" if is_for_children and audience == "adult" else audience for audience in audiences]
    assert seen == [FIELDS[reader] for reader in readers]


def fields_of(page: Answer) -> set[str]:
    """The names of the fields of a form page, those aside that the definition gives."""
    fixed = {name for names in FIELDS.values() for name in names}
    return {name for field in page.page.iter("input") if (name := field.get("name", "")) in fixed}


def offered(page: Answer, heading: str) -> list[str]:
    """The links in the part of the preview that has this heading."""
    (part,) = page.page.findall(f".//section[@aria-labelledby='{heading}']/ul")
    return [link.attrib["href"] for link in part.iter("a")]


def framed(demo: Demo, address: str) -> Answer:
    """The form page that an address of the preview shows."""
    (frame,) = demo.get(address).page.findall(".//iframe")
    # Without an origin of its own the frame stores nothing: the age previewed last leads away from no question.
    assert "allow-same-origin" not in frame.attrib["sandbox"].split()
    shown = get(frame.attrib["src"])
    assert shown.status == 200
    assert demo.sites in frame_ancestors(shown)
    return shown


def test_the_preview_of_a_teenager_speaks_to_a_teenager(demo: Demo) -> None:
    headings = [
        framed(demo, f"/preview?form=demolen/newsletter&lang=nl&audience={audience}").heading
        for audience in ("adult", "teen", "child", "nobody")
    ]
    assert headings == [
        "Nieuws van de bakkerij",
        "Nieuws van de bakker",
        "Nieuws van de bakker",
        "Wat is uw geboortedatum?",
    ]


def test_the_preview_shows_a_form_in_a_light_and_in_a_dark_page_at_its_whole_height(demo: Demo) -> None:
    page = demo.get("/preview?form=talentwerk/careers&lang=nl&width=700")
    light, dark = (demo.get(address) for address in offered(page, "scheme-h"))
    (frame,) = light.page.findall(".//iframe")
    assert int(frame.attrib["height"]) > 600
    for shown, scheme in ((light, "light"), (dark, "dark")):
        (frame,) = shown.page.findall(".//iframe")
        assert f"-{scheme}-transparent-" in get(frame.attrib["src"]).html
    assert offered(dark, "language-h")[0].endswith("&scheme=dark")


def test_a_form_asked_of_the_company_sites_is_said_to_be_at_the_other_address(demo: Demo) -> None:
    for path in ("/f/talentwerk/careers?lang=nl", "/confirm/x", "/link/demolen"):
        answer = demo.get(path)
        assert answer.status == 404
        assert f'<a class="go" href="{demo.kit}{path}">' in answer.html


@pytest.mark.parametrize(("form", "language"), SAMPLES)
def test_the_preview_shows_each_page_and_mail_that_follows_a_form_and_nothing_of_it_happens(
    demo: Demo, form: str, language: str
) -> None:
    before = demo.mails()
    page = demo.get(f"/preview?form={form}&lang={language}")
    headings: dict[str, list[str]] = {}
    for audience in offered(page, "audience-h"):
        shown = demo.get(audience)
        steps = offered(shown, "step-h")[1:]
        answers = [demo.get(address.replace("/preview?", "/preview/step?")) for address in steps]
        headings[re.findall("audience=([a-z]+)", audience)[0]] = [answer.heading for answer in answers]
        for answer in answers:
            assert (answer.status, answer.page.attrib["lang"]) == (200, language)
            assert "<script" not in answer.html
    if "question" in headings:
        assert len(headings.pop("question")) == 1
    for audience, read in headings.items():
        # errors, the answer, the mail and the page behind it, what was decided and its mail, and three of a stop
        assert len(read) == (10 if audience == "child" else 9)
        assert len(set(read)) >= 5
    assert demo.mails() == before


def test_the_preview_frames_what_follows_a_form_without_scripts_or_forms(demo: Demo) -> None:
    page = demo.get("/preview?form=demolen/bakeclub&lang=nl&audience=child&step=asked&scheme=dark")
    (frame,) = page.page.findall(".//iframe")
    assert frame.attrib["sandbox"] == ""
    decides = demo.get(frame.attrib["src"])
    assert decides.heading == "Mag dit voor het kind?"
    for sheet in decides.page.findall(".//link[@rel='stylesheet']"):
        assert get(demo.sites + sheet.attrib["href"]).status == 200
    assert offered(page, "language-h")[1].endswith("&scheme=dark&step=asked")
    assert demo.get("/preview/step?form=demolen/bakeclub").status == 404


def test_a_child_asks_and_a_parent_decides(tailored: Demo) -> None:
    question = get(f"{tailored.kit}/f/demolen/bakeclub?lang=nl")
    born = datetime.now(UTC).year - 9
    verdict = question.press(birth_day="3", birth_month="3", birth_year=str(born))
    child = get(tailored.kit + verdict.headers["Location"])
    sent = child.press(purposes=["recipes"], child_name="Noor", guardian_email="papa@voorbeeld.test")
    assert "papa@voorbeeld.test" in sent.html

    asked = tailored.mail(1)
    assert "to papa@voorbeeld.test" in tailored.get(asked).html
    decision = get(tailored.link(asked, "guardian"))
    assert "Noor" in decision.html
    decided = decision.press(purposes=["recipes"], is_guardian=["yes"], child_email="noor@voorbeeld.test")
    assert decided.heading == "Uw beslissing staat vast"

    until(lambda: len(tailored.mails()) == 3, "the mail to the child and the second one to the parent")
    pages = {mail: tailored.get(mail).html for mail in tailored.mails()[:2]}
    (to_child,) = [mail for mail, html in pages.items() if "to noor@voorbeeld.test" in html]
    (plus,) = [mail for mail, html in pages.items() if "to papa@voorbeeld.test" in html]
    assert get(tailored.link(to_child, "confirm")).press().status == 200
    assert get(tailored.link(plus, "withdraw")).press().heading == "Het is gestopt"


def test_the_second_mail_to_a_parent_comes_after_a_minute_unless_the_operator_says_otherwise(
    demo: Demo, tailored: Demo
) -> None:
    assert "the decision 1 minute later; on a server that is 1 day." in demo.get("/").html
    assert "the decision 1 second later" in tailored.get("/").html


def test_unknown_pages_of_the_demo_are_not_found(demo: Demo) -> None:
    for path in ("/site/nobody", "/inbox/99999", "/inbox/99999/html", "/inbox/..%2fsecret_key", "/nothing"):
        assert demo.get(path).status == 404, path


def test_ctrl_c_ends_it_and_the_inbox_is_still_there_afterwards(tmp_path: Path) -> None:
    with demo_in(tmp_path, start=running) as first:
        get(f"{first.kit}/f/talentwerk/careers?lang=nl").press(email="sofie@voorbeeld.test", purposes=["keep_cv"])
        first.mail(1)
        first.program.signal(signal.SIGINT)
        assert first.program.ended() == 0
        assert "Traceback" not in first.program.said
    with demo_in(tmp_path) as again:
        (mail,) = again.mails()
        assert "Bevestig of weiger" in again.get(mail).html
        get(f"{again.kit}/f/metaalnet/events?lang=nl").press(email="sofie@voorbeeld.test", purposes=["newsletter"])
        until(lambda: len(again.mails()) == 2, "a second mail")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_made_for_the_preview_goes_with_the_demo(number: signal.Signals, tmp_path: Path) -> None:
    with demo_in(tmp_path, start=running, FORMS_DIR=str(asked_for())) as demo:
        with_a_preview(demo)
        demo.program.signal(number)
        assert demo.program.ended() == 0
        assert "Traceback" not in demo.program.said
    assert previews(tmp_path) == []


def test_what_a_killed_demo_left_goes_at_the_next_start_and_what_one_uses_stays(tmp_path: Path) -> None:
    few = str(asked_for())
    with demo_in(tmp_path, FORMS_DIR=few) as killed:
        with_a_preview(killed)
        killed.program.signal(signal.SIGKILL)
        killed.program.ended()
    (left,) = previews(tmp_path)
    (tmp_path / "instance" / "preview-of-an-earlier-release").mkdir()
    with demo_in(tmp_path, FORMS_DIR=few) as first:
        assert previews(tmp_path) == []
        with_a_preview(first)
        (used,) = previews(tmp_path)
        assert used != left
        with demo_in(tmp_path, log="second", FORMS_DIR=few):
            assert previews(tmp_path) == [used]


def with_a_preview(demo: Demo) -> None:
    """Ask for a page that only a kit of the preview's own can make."""
    assert demo.get("/preview/step?form=talentwerk/careers&step=errors").status == 200


def previews(folder: Path) -> list[Path]:
    """The folders of the preview's kits."""
    return list((folder / "instance").glob("preview-*"))


def test_an_empty_forms_folder_says_how_to_begin_and_each_edit_shows_at_once(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    with demo_in(tmp_path, FORMS_DIR="forms") as demo:
        assert "There are no forms yet" in demo.get("/").html
        assert demo.get("/preview").status == 200

        folder = own_forms(tmp_path, "bakery")
        careers = folder / "careers.yaml"
        good = careers.read_text(encoding="utf-8")
        page = f"{demo.kit}/f/bakery/careers?lang=nl"
        until(lambda: get(page).status == 200, "the first form")
        assert get(page).heading == "Contact over werk"
        assert get(f"{demo.kit}/f/talentwerk/careers?lang=nl").status == 404
        assert "bakery/careers" in demo.get("/").html

        careers.write_text(good.replace("Contact over werk", "Werk bij de bakker"), encoding="utf-8")
        until(lambda: get(page).heading == "Werk bij de bakker", "the changed title")
        assert "Werk bij de bakker" in demo.get("/preview?form=bakery/careers&lang=nl").html

        careers.write_text(good.replace("    keep: 1 year\n", ""), encoding="utf-8")
        until(lambda: "1 fault in this form" in demo.get("/").html, "the fault on the start page")
        assert re.search(r"forms/bakery/careers\.yaml:\d+:\d+ AK\d{3} ", demo.get("/").html)
        assert get(page).heading == "Werk bij de bakker"

        careers.write_text("title: {nl: [\0", encoding="utf-8")
        until(lambda: "AK1" in demo.get("/").html, "the next fault on the start page")
        assert get(page).heading == "Werk bij de bakker"

        careers.write_text(good, encoding="utf-8")
        until(lambda: get(page).heading == "Contact over werk", "the mended form")
        assert "fault" not in re.sub(r"A fault is listed", "", demo.get("/").html)

        (folder / "second.yaml").write_text(good, encoding="utf-8")
        until(lambda: get(page.replace("careers", "second")).status == 200, "the new form")
        careers.unlink()
        until(lambda: get(page).status == 404, "the form that is gone")
        folder.rename(tmp_path / "away")
        until(lambda: get(page.replace("careers", "second")).status == 404, "the folder that is gone")
        (tmp_path / "away").rename(folder)
        until(lambda: get(page.replace("careers", "second")).status == 200, "the folder that is back")


def test_a_form_that_was_never_good_shows_its_faults_and_the_others_serve(tailored: Demo) -> None:
    assert get(f"{tailored.kit}/f/bakery/careers?lang=nl").status == 200
    assert get(f"{tailored.kit}/f/bakery/broken?lang=nl").status == 503
    assert "forms/bakery/broken.yaml:1:1 AK" in tailored.get("/").html
    assert "forms/bakery/broken.yaml:1:1</code>" in tailored.get("/preview?form=bakery/broken").html


def findings(demo: Demo, language: str) -> list[str]:
    """What the preview of a form shows as found, each in one line."""
    page = demo.get(f"/preview?form=bakery/careers&lang={language}").page
    (part,) = page.findall(".//section[@aria-labelledby='findings-h']")
    return [" ".join("".join(item.itertext()).split()) for item in part.iter("li")]


def test_the_preview_shows_beside_a_form_what_is_found_in_the_language_that_is_shown(tmp_path: Path) -> None:
    form = own_forms(tmp_path, "bakery") / "careers.yaml"
    intro = "intro:\n  nl: U moet akkoord gaan. Uw privacy is belangrijk.\n  en: You must agree to our emails.\n"
    edited, times = re.subn(r"(?m)^intro:\n  nl: .*\n  en: .*\n", intro, form.read_text(encoding="utf-8"))
    assert times == 1
    with demo_in(tmp_path, FORMS_DIR="forms") as demo:
        assert findings(demo, "nl") == []
        form.write_text(edited, encoding="utf-8")
        until(lambda: findings(demo, "nl") != [], "the findings")

        dutch, english = findings(demo, "nl"), findings(demo, "en")

        assert [found.partition(":")[0] for found in dutch] == [
            "To be answered AK339 U moet akkoord gaan",
            "Warning AK347 privacy is belangrijk",
        ]
        assert [found.partition(":")[0] for found in english] == ["To be answered AK339 You must agree"]
        assert re.search(r" forms/bakery/careers\.yaml:\d+:7 at intro\.en$", english[0])


def test_a_company_site_is_shown_only_where_all_that_it_embeds_is_served(tailored: Demo) -> None:
    start = tailored.get("/").html
    assert "/site/" not in start
    assert f"{tailored.kit}/f/demolen/newsletter?lang=fr" in start


def test_a_slow_visitor_holds_up_nobody(demo: Demo) -> None:
    with socket.create_connection(("127.0.0.1", demo.port)) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\n")
        assert demo.get("/").status == 200
