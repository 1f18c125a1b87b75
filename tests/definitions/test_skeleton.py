"""`akkoord new`: a definition to start from, that is in order once its texts are filled in."""

import re
from collections import Counter
from pathlib import Path

import pytest

from app.definitions.skeleton import CannotBegin, write_skeleton
from tests.definitions.folder import check, load

PLACEHOLDER = re.compile(r'^(?P<before>\s*(?:- )?(?:(?P<key>\w+): )?)"?\.\.\."?', re.MULTILINE)


def fill(path: Path) -> None:
    """Write something sensible wherever the skeleton leaves a placeholder."""
    number = 0

    def written(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        if path.name == "controller.yaml":
            text = {"contact": "privacy@demolen.example", "name": "De Molen BV", "address": "Korenmarkt 7, Gent"}
            return match["before"] + text.get(match["key"], f"https://www{number}.demolen.example")
        return f"{match['before']}Text {number}: with a comma, a colon and a “quote”."

    path.write_text(PLACEHOLDER.sub(written, path.read_text(encoding="utf-8")), encoding="utf-8")


def test_once_its_texts_are_filled_in_it_passes_without_a_warning(tmp_path: Path) -> None:
    for path in write_skeleton(tmp_path / "forms", "demolen/bakeclub"):
        fill(path)

    assert check(tmp_path / "forms") == []
    assert [(good.controller_id, good.form_id) for good in load(tmp_path / "forms").forms] == [("demolen", "bakeclub")]


@pytest.mark.parametrize("languages", [("nl",), ("en", "fr")])
def test_in_some_languages_only_it_passes_too(tmp_path: Path, languages: tuple[str, ...]) -> None:
    for path in write_skeleton(tmp_path / "forms", "demolen/bakeclub", languages):
        fill(path)

    assert check(tmp_path / "forms") == []
    (good,) = load(tmp_path / "forms").forms
    assert set(good.form.languages) == set(good.form.title) == set(good.controller.privacy_statement) == set(languages)


def test_its_comments_show_no_language_but_those_that_were_asked_for(tmp_path: Path) -> None:
    everything, dutch_and_french = (
        "".join(path.read_text(encoding="utf-8") for path in write_skeleton(tmp_path / str(number), "a/b", languages))
        for number, languages in enumerate([(), ("nl", "fr")])
    )

    keys = Counter(re.findall(r"\b(nl|fr|en):", everything))
    assert keys["nl"] == keys["fr"] == keys["en"] > 10
    assert Counter(re.findall(r"\b(nl|fr|en):", dutch_and_french)) == Counter(nl=keys["nl"], fr=keys["fr"])


def test_every_text_still_to_be_written_is_named_with_its_line(tmp_path: Path) -> None:
    written = write_skeleton(tmp_path / "forms", "demolen/bakeclub")

    for path in written:
        lines = path.read_text(encoding="utf-8").splitlines()
        faults = check(path)
        assert {fault.code for fault in faults} == {"AK212"}
        # Below `>-` the text stands on the line after the sign that its value begins with.
        named = [fault.line + (lines[fault.line - 1].endswith(">-")) for fault in faults]
        assert named == [at for at, line in enumerate(lines, 1) if PLACEHOLDER.match(line)]


def test_it_writes_both_files_and_says_which(tmp_path: Path) -> None:
    written = write_skeleton(tmp_path / "new" / "forms", "demolen/bakeclub")

    assert written == [
        tmp_path / "new" / "forms" / "demolen" / "controller.yaml",
        tmp_path / "new" / "forms" / "demolen" / "bakeclub.yaml",
    ]
    assert all(path.read_text(encoding="utf-8").startswith("#") for path in written)


def test_a_second_form_leaves_the_controller_as_it_is(tmp_path: Path) -> None:
    controller, _ = write_skeleton(tmp_path, "demolen/bakeclub")
    controller.write_text("name: De Molen\n")

    assert write_skeleton(tmp_path, "demolen/news") == [tmp_path / "demolen" / "news.yaml"]
    assert controller.read_text() == "name: De Molen\n"


def test_it_never_writes_over_a_file_or_through_a_link(tmp_path: Path) -> None:
    _, form = write_skeleton(tmp_path / "forms", "demolen/bakeclub")
    form.write_text("mine")
    link = form.with_name("linked.yaml")
    link.symlink_to(tmp_path / "target.yaml")

    for name in ("demolen/bakeclub", "demolen/linked"):
        with pytest.raises(CannotBegin, match="never written over"):
            write_skeleton(tmp_path / "forms", name)

    assert form.read_text() == "mine"
    assert not (tmp_path / "target.yaml").exists()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "demolen",
        "demolen/",
        "/news",
        "../demolen/news",
        "demolen/../news",
        "/etc/news",
        "a/b/c",
        "a/..",
        "De Molen/news",
        "demolen/News",
        "demolen/news.yaml",
        "demolen/controller",
        "demolen/ne\nws",
        "a" * 41 + "/news",
    ],
)
def test_a_name_that_is_no_address_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(CannotBegin):
        write_skeleton(tmp_path / "forms", name)

    assert list(tmp_path.rglob("*")) == []


def test_a_controller_folder_that_leads_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "demolen").symlink_to(tmp_path / "outside")

    with pytest.raises(CannotBegin, match="outside the forms folder"):
        write_skeleton(tmp_path / "forms", "demolen/news")

    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("languages", [(), ("nl",), ("fr",), ("en",)])
def test_what_its_comments_show_for_children_is_in_order(tmp_path: Path, languages: tuple[str, ...]) -> None:
    controller, form = write_skeleton(tmp_path / "forms", "demolen/bakeclub", languages)
    fill(controller)
    fill(form)
    text = re.sub(r"audience: adults\nbecause: >-\n.*\n", "", form.read_text(encoding="utf-8"))
    text = re.sub(r"^#   (audience: \w+|service: \w+|age_gate: \{.*\}) +#.*", r"\1", text, flags=re.MULTILINE)
    text = re.sub(
        r"^( *)#   child:\n(?:\1#     .*\n)+",
        lambda block: block[0].replace(f"{block[1]}#   ", block[1]),
        text,
        flags=re.MULTILINE,
    )
    text = text.replace("direct_marketing: true", "direct_marketing: false")  # which warns where children read
    form.write_text(text, encoding="utf-8")

    (good,) = load(tmp_path / "forms").forms

    assert check(tmp_path / "forms") == []
    assert good.form.audience == "everyone"
    assert good.form.child is not None
    assert good.form.purposes[0].child is not None


def test_what_its_comments_show_for_a_purpose_by_telephone_is_in_order(tmp_path: Path) -> None:
    controller, form = write_skeleton(tmp_path / "forms", "demolen/bakeclub")
    fill(controller)
    fill(form)
    text = form.read_text(encoding="utf-8")
    shown = re.search(r"^#   - id: phone\n(?:#     .*\n)+", text, re.MULTILINE)
    assert shown is not None
    field = re.sub("^# ", "", shown[0], flags=re.MULTILINE)
    text = text.replace("fields:\n", f"fields:\n{field}").replace("channel: email", "channel: phone")
    form.write_text(text.replace("proof: mail", "proof: call_back"), encoding="utf-8")

    unused, without = check(tmp_path / "forms")
    assert (unused.code, without.code) == ("AK309", "AK356")
    assert "`data: [email, first_name, phone]`" in without.message

    form.write_text(form.read_text(encoding="utf-8").replace("[email, first_name]", "[email, first_name, phone]"))
    assert check(tmp_path / "forms") == []
    (good,) = load(tmp_path / "forms").forms
    assert [(one.id, one.required) for one in good.form.fields] == [("phone", True), ("first_name", False)]
