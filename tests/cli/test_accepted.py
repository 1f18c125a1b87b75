"""`akkoord accepted` and `akkoord notice --definition`: what a privacy officer answered can be shown years later."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from app import __version__
from app.services import publishing
from app.services.context import Context
from app.storage import notices
from tests import audit
from tests.cli.test_cli import Call, call, over
from tests.definitions.folder import CONTROLLER, FORM, FormsFolder, changed
from tests.factories import Clock

__all__ = ["call", "over"]

ANSWER = "accept:\n  - {code: AK346, at: purposes.news, because: %s}\n"
STEERS = changed(FORM, "nl: Eén keer per maand", "nl: In ruil voor een koek. Eén keer per maand")


@pytest.fixture
def forms(ctx: Context, clock: Clock, tmp_path: Path) -> FormsFolder:
    """A form whose privacy officer answered twice, a day apart."""
    folder = FormsFolder(tmp_path / "forms")
    for reason in ("Everybody gets it.", "Everybody gets the cake."):
        publishing.publish(ctx, folder.write(STEERS + ANSWER % reason).path)
        clock.forward(days=1)
    return folder


def number(ctx: Context) -> str:
    with ctx.database.read() as connection:
        ((_, found),) = [one for one in notices.current(connection, "acme") if one[0] == "nl"]
    return found


def test_the_register_lists_what_served_forms_accept_and_why(ctx: Context, over: Call, forms: FormsFolder) -> None:
    (found,) = json.loads(over("accepted", "--json").stdout)
    finding = found.pop("finding")
    assert finding.startswith("`In ruil voor`: ")
    assert found == {
        "controller": "acme",
        "form": "news",
        "code": "AK346",
        "file": "news.yaml",
        "place": "purposes.news.text.nl",
        "because": "Everybody gets the cake.",
        "since": "2026-11-22T13:32:05.000000Z",
        "definition": sha256(forms.form.read_bytes() + forms.controller.read_bytes()).hexdigest(),
    }
    assert over("accepted", "--controller", "acme").stdout == (
        "acme/news  AK346  purposes.news.text.nl  2026-11-22T13:32:05.000000Z\n"
        f"  {finding}\n  because: Everybody gets the cake.\n"
    )


def test_a_form_that_is_served_no_more_is_not_in_the_register(ctx: Context, over: Call, forms: FormsFolder) -> None:
    forms.form.unlink()
    publishing.publish(ctx, forms.path)
    assert (over("accepted").stdout, over("accepted", "--json").stdout) == ("", "[]\n")


def test_an_answer_that_waits_for_a_mended_file_is_not_in_the_register_yet(
    ctx: Context, over: Call, forms: FormsFolder
) -> None:
    broken = changed(STEERS, "keep: 2 years", "keep: soon") + ANSWER % "It is new."
    publishing.publish(ctx, forms.write(broken).path)
    assert [one["because"] for one in json.loads(over("accepted", "--json").stdout)] == ["Everybody gets the cake."]


def test_a_controller_that_is_not_known_is_an_error_of_one_line(over: Call, forms: FormsFolder) -> None:
    done = over("accepted", "--controller", "acne")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_the_definitions_behind_a_notice_are_printed_as_they_were_accepted(
    ctx: Context, over: Call, forms: FormsFolder
) -> None:
    before = audit.everything(ctx)

    printed = over("notice", number(ctx)[:12], "--definition").stdout

    first, second = re.split(r"(?m)^(?=# Definition )", printed)[1:]
    for part, day, reason in ((first, 21, "Everybody gets it."), (second, 22, "Everybody gets the cake.")):
        assert f"# served from 2026-11-{day}T13:32:05.000000Z by Akkoord {__version__}\n" in part
        assert "# news.yaml accepts AK346 at purposes.news.text.nl\n#   finding: `In ruil voor`: " in part
        assert f"\n#   because: {reason}\n" in part
        form = f"{STEERS}{ANSWER % reason}"
        assert f"# ---- acme/news.yaml ----\n{form}\n# ---- acme/controller.yaml ----\n{CONTROLLER}" in part
        digest = sha256(f"{form}{CONTROLLER}".encode()).hexdigest()
        assert part.startswith(f"# Definition {digest}\n")
    assert audit.everything(ctx) == before


def test_of_a_definition_of_an_earlier_release_its_hash_is_told(ctx: Context, over: Call, forms: FormsFolder) -> None:
    audit.run(ctx, "UPDATE definitions SET document = '', accepted = '[]' WHERE controller = 'acme'")

    printed = over("notice", number(ctx), "--definition").stdout

    assert printed.count("# Its text was not kept: an earlier release served it.") == 2
    assert "----" not in printed


def test_what_controller_yaml_accepts_stands_with_each_form_of_it(ctx: Context, over: Call, tmp_path: Path) -> None:
    controller = changed(CONTROLLER, "name: Serverhuis BV", "name: Onze partners")
    answer = "accept:\n  - {code: AK307, because: A firm is called so.}\n"
    publishing.publish(ctx, FormsFolder(tmp_path / "forms").write(controller=controller + answer).path)

    (found,) = json.loads(over("accepted", "--controller", "acme", "--json").stdout)

    assert (found["form"], found["file"], found["place"]) == ("news", "controller.yaml", "processors.1.name")
    assert found["because"] == "A firm is called so."
