"""The looks of a controller: what may be written, and what a form is served with."""

from pathlib import Path

import pytest

from app.definitions.compile_notices import compile_form, theme_of
from app.definitions.source.logos import LARGEST
from app.domain.form import ServedForm, Theme
from tests.definitions.folder import CONTROLLER, TODAY, FormsFolder, changed, load

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><style>.a{fill:url(#b)}</style><path d="M0 0"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def themed(forms: FormsFolder, lines: str) -> FormsFolder:
    return forms.write(controller=changed(CONTROLLER, "theme:\n", f"theme:\n{lines}"))


def theme(forms: FormsFolder) -> Theme:
    (good,) = load(forms.path).forms
    return theme_of(good)


def test_everything_that_a_theme_takes_is_served(forms: FormsFolder) -> None:
    themed(
        forms,
        "  radius: 0\n  font: 'Gill Sans'\n  scheme: light\n  background: '#fffaf0'\n  frame: card\n"
        "  density: compact\n".replace("'Gill Sans'", "\"'Gill  Sans' , Calibri,serif\""),
    )

    assert forms.faults() == []
    assert theme(forms) == Theme(
        "#8a4b08", 0, "Gill Sans, Calibri, serif", "light", "#fffaf0", frame="card", density="compact"
    )


@pytest.mark.parametrize(
    ("ground", "scheme"),
    [("#ffffff", "light"), ("#fffaf0", "light"), ("#dcece3", "light"), ("#000000", "dark"), ("#20150f", "dark")],
)
def test_a_ground_of_its_own_decides_whether_a_form_is_light_or_dark(
    forms: FormsFolder, ground: str, scheme: str
) -> None:
    themed(forms, f'  background: "{ground}"\n')

    assert forms.faults() == []
    assert {theme(forms).framed_scheme(host) for host in ("light", "dark")} == {scheme}
    assert theme(forms).follows_host is False


def test_without_a_ground_the_scheme_is_that_of_the_page_around_unless_the_theme_says_one() -> None:
    assert [Theme().framed_scheme(host) for host in ("light", "dark")] == ["light", "dark"]
    for scheme in ("light", "dark", "auto"):
        assert Theme(scheme=scheme).framed_scheme("dark") == Theme(scheme=scheme).own_scheme == scheme
    assert Theme().own_scheme == "auto"


def test_looks_that_were_stored_before_are_still_read() -> None:
    plain = ServedForm("acme", "news", ("nl",), (), Theme(), "d1", {}).to_plain()
    plain["theme"] = {"accent": "#8a4b08", "radius": 12, "font": "serif", "scheme": "auto"}

    assert ServedForm.from_plain(plain).theme == Theme("#8a4b08", 12, "serif", "auto")


@pytest.mark.parametrize(("name", "content"), [("logo.svg", SVG.encode()), ("De_Molen-2.png", PNG)])
def test_a_logo_is_served_under_a_name_that_says_what_is_in_it(forms: FormsFolder, name: str, content: bytes) -> None:
    themed(forms, f"  logo: {name}\n")
    (forms.controller.parent / name).write_bytes(content)

    assert forms.faults() == []
    first = compile_form(load(forms.path).forms[0], TODAY)
    (forms.controller.parent / name).write_bytes(content + b"\n")
    second = compile_form(load(forms.path).forms[0], TODAY)
    assert first.logo == content
    assert first.theme.logo != second.theme.logo
    assert Path(first.theme.logo).suffix == Path(name).suffix
    assert [notice.hash for notice in first.notices] == [notice.hash for notice in second.notices]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("logo.svg", SVG.replace("<path", "<script>1</script><path"), "runs something"),
        ("logo.svg", SVG.replace("<path", '<path onload="x()"'), "runs something"),
        ("logo.svg", SVG.replace("<path", "<foreignObject/><path"), "runs something"),
        ("logo.svg", SVG.replace("<path", '<image href="https://x.example/a.png"/><path'), "loads something"),
        ("logo.svg", SVG.replace("<path", '<a href="javascript:x()"/><path'), "loads something"),
        ("logo.svg", SVG.replace("url(#b)", "url(//x.example)"), "loads something"),
        ("logo.svg", SVG.replace(".a{", "@import 'x';.a{"), "loads something"),
        ("logo.svg", f"<!DOCTYPE svg>{SVG}", "DOCTYPE"),
        ("logo.svg", "<p>no", "no SVG picture"),
        ("logo.svg", "<html/>", "no SVG picture"),
        ("logo.png", SVG, "no PNG picture"),
        ("logo.webp", "RIFF", "no WEBP picture"),
        ("logo.png", PNG + bytes(LARGEST), "make it 64 kB or smaller"),
        ("logo.png", PNG + bytes(300_000), "no such file beside controller.yaml, or it cannot be read"),
    ],
)
def test_a_logo_that_is_more_than_a_small_picture_is_refused_at_its_key(
    forms: FormsFolder, name: str, content: str | bytes, says: str
) -> None:
    themed(forms, f"  logo: {name}\n")
    (forms.controller.parent / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    (fault,) = forms.faults()
    line = forms.controller.read_text(encoding="utf-8").split("\n").index(f"  logo: {name}") + 1
    assert (fault.line, fault.column, fault.code) == (line, 9, "AK232")
    assert says in fault.message
    assert load(forms.path).forms == ()


def test_a_logo_outside_the_forms_folder_is_refused(forms: FormsFolder, tmp_path: Path) -> None:
    themed(forms, "  logo: logo.svg\n")
    outside = tmp_path / "elsewhere.svg"
    outside.write_text(SVG, encoding="utf-8")
    (forms.controller.parent / "logo.svg").symlink_to(outside)

    assert [fault.code for fault in forms.faults()] == ["AK232"]
