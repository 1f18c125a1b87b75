"""Definitions are put into service: what is shown is stored first, and a broken edit changes nothing."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from app import paths
from app.definitions.lint import dark_patterns, validate
from app.domain.form import ServedForm
from app.services import publishing
from app.services.context import Context
from app.services.publishing import Published
from app.storage import notices
from tests import audit
from tests.definitions.folder import FORM, SECOND_PURPOSE, FormsFolder, changed, unmarked
from tests.factories import START, Clock, send_form
from tests.services.person import Person

NEWER = changed(FORM, "nl: Nieuws\n", "nl: Het nieuws\n")
BROKEN = changed(FORM, "keep: 2 years", "keep: soon")
STEERS = changed(FORM, "nl: Eén keer per maand", "nl: In ruil voor een koek. Eén keer per maand")
"""A form with a finding to be answered, AK346."""

ANSWERED = STEERS + "accept:\n  - {code: AK346, at: purposes.news, because: Everybody gets the cake.}\n"


@pytest.fixture
def forms(tmp_path: Path) -> FormsFolder:
    """A forms folder with one form, `acme/news`."""
    return FormsFolder(tmp_path / "forms").write()


def with_earlier_release(ctx: Context, forms: FormsFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish with a release of the linter that reads no words."""
    checks = tuple(check for check in validate.FORM_CHECKS if check != dark_patterns.check_wording)
    with monkeypatch.context() as earlier:
        earlier.setattr(validate, "FORM_CHECKS", checks)
        assert publishing.publish(ctx, forms.path).faults == ()


def served(ctx: Context) -> dict[str, ServedForm]:
    with ctx.database.read() as connection:
        return {f"{form.controller}/{form.form}": form for form in notices.served(connection)}


def stored(ctx: Context, language: str = "nl") -> list[audit.Entry]:
    """The notices of acme/news in a language, oldest first."""
    rows = audit.rows(ctx, "notices", "controller = 'acme' AND language = :language", language=language)
    return sorted(rows, key=lambda row: row["stored_at"])


def test_the_samples_are_served_each_with_a_notice_for_every_language(any_ctx: Context) -> None:
    assert {name: form.languages for name, form in served(any_ctx).items()} == {
        "belcentrum/calls": ("nl", "en"),
        "demolen/bakeclub": ("nl", "fr", "en"),
        "demolen/newsletter": ("nl", "fr", "en"),
        "demolen/photo": ("nl", "fr", "en"),
        "hogeschool/graduates": ("nl", "en"),
        "metaalnet/events": ("nl", "en"),
        "talentwerk/careers": ("nl", "en"),
        "zorgzeker/quote": ("nl", "fr", "en"),
    }
    for form in served(any_ctx).values():
        assert form.in_order
        readers = ("adult", "teen", "child", "guardian") if form.controller == "demolen" else ("adult",)
        assert set(form.notices) == {f"{language}/{reader}" for language in form.languages for reader in readers}
        for name, notice_hash in form.notices.items():
            shown = any_ctx.stored_notice(notice_hash).notice
            assert (shown.controller, shown.form) == (form.controller, form.form)
            assert f"{shown.language}/{shown.audience}" == name
            assert shown.threshold == (0 if len(readers) == 1 else 18 if form.form == "photo" else 13)


def test_a_notice_is_named_by_the_hash_of_its_text(any_ctx: Context) -> None:
    for row in audit.rows(any_ctx, "notices"):
        assert row["hash"] == sha256(row["document"].encode()).hexdigest()
        plain = json.loads(row["document"])
        assert row["document"] == json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert (plain["language"], plain["form"], plain["audience"]) == (row["language"], row["form"], row["audience"])


def test_the_same_definitions_again_add_nothing(any_ctx: Context, clock: Clock, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    before = audit.everything(any_ctx)
    clock.forward(days=1)

    assert publishing.publish(any_ctx, forms.path).faults == ()

    assert audit.everything(any_ctx) == before


def test_a_form_that_was_edited_shows_a_new_notice_and_keeps_the_old_one(
    any_ctx: Context, clock: Clock, forms: FormsFolder
) -> None:
    publishing.publish(any_ctx, forms.path)
    old = served(any_ctx)["acme/news"]
    clock.forward(days=1)
    publishing.publish(any_ctx, forms.write(NEWER).path)

    new = served(any_ctx)["acme/news"]
    first, second = stored(any_ctx)
    assert (first["hash"], second["hash"]) == (old.notice_hash("nl", "adult"), new.notice_hash("nl", "adult"))
    assert (first["current_until"], second["current_until"]) == ("2026-11-22T13:32:05.000000Z", None)
    assert old.definition != new.definition
    assert any_ctx.stored_notice(first["hash"]).notice.title == "Nieuws"
    (english,) = stored(any_ctx, "en")
    assert english["current_until"] is None


def test_a_notice_tells_since_when_it_is_superseded_so_that_its_hour_can_be_counted(
    any_ctx: Context, clock: Clock, forms: FormsFolder
) -> None:
    publishing.publish(any_ctx, forms.path)
    shown = served(any_ctx)["acme/news"].notice_hash("nl", "adult") or ""
    for minutes, text in ((5, NEWER), (10, FORM), (15, NEWER), (20, NEWER)):
        clock.now = START + timedelta(minutes=minutes)
        publishing.publish(any_ctx, forms.write(text).path)

    with any_ctx.database.read() as connection:
        assert any_ctx.fresh_notice(connection, shown).current_until == START + timedelta(minutes=15)


def test_what_was_sent_from_a_superseded_page_points_to_what_was_seen(any_ctx: Context, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    old = served(any_ctx)["acme/news"].notice_hash("nl", "adult")
    sofie = Person(any_ctx, controller="acme", form="news")
    token = sofie.asks("news")
    publishing.publish(any_ctx, forms.write(changed(NEWER, "id: news", "id: other")).path)

    sofie.says_yes(token)

    (consent,) = audit.rows(any_ctx, "consents")
    assert (consent["notice"], consent["purpose"]) == (old, "news")
    assert {entry["notice"] for entry in audit.chain(any_ctx, "acme")} == {old}
    assert sofie.withdraws() == ["news"]


def test_after_a_broken_edit_the_last_good_version_stays(any_ctx: Context, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    before = audit.everything(any_ctx)

    published = publishing.publish(any_ctx, forms.write(BROKEN).path)

    assert audit.everything(any_ctx) == before
    (fault,) = published.findings["acme", "news"]
    assert fault.code == "AK217"
    assert fault in published.faults
    assert published.kept_back == {("acme", "news")}


def test_a_definition_that_was_never_served_is_refused_until_it_is_answered(
    any_ctx: Context, forms: FormsFolder
) -> None:
    published = publishing.publish(any_ctx, forms.write(STEERS).path)

    assert [fault.level for fault in published.findings["acme", "news"]] == ["answer"]
    assert published.kept_back == {("acme", "news")}
    assert not served(any_ctx)["acme/news"].in_order

    assert publishing.publish(any_ctx, forms.write(ANSWERED).path) == Published((), {("acme", "news"): ()}, frozenset())
    assert served(any_ctx)["acme/news"].in_order


def test_what_only_a_newer_release_finds_takes_down_no_form_that_is_served(
    any_ctx: Context,
    forms: FormsFolder,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_earlier_release(any_ctx, forms.write(STEERS), monkeypatch)
    before = served(any_ctx)["acme/news"]
    assert before.in_order

    for _ in range(2):
        clock.forward(days=1)
        published = publishing.publish(any_ctx, forms.path)
        assert served(any_ctx)["acme/news"] == before
        assert published.kept_back == frozenset()
        assert [fault.code for fault in published.faults] == ["AK346"]
    ((line, column),) = unmarked(STEERS.replace("In ruil", "§In ruil"))[1]
    file = published.faults[0].path
    told = f"acme/news goes on being served as before, and is to be answered: AK346 at {file}:{line}:{column}"
    assert [record.getMessage() for record in caplog.records] == [told, told]  # once at each start


def test_an_edit_of_a_form_that_goes_on_being_served_has_to_be_answered(
    any_ctx: Context, forms: FormsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_earlier_release(any_ctx, forms.write(STEERS), monkeypatch)
    before = served(any_ctx)["acme/news"]

    published = publishing.publish(any_ctx, forms.write(f"# edited\n{STEERS}").path)

    assert published.kept_back == {("acme", "news")}
    assert served(any_ctx)["acme/news"] == before


def test_a_form_that_was_served_long_ago_comes_back_to_the_letter(
    any_ctx: Context, forms: FormsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_earlier_release(any_ctx, forms.write(STEERS), monkeypatch)
    before = served(any_ctx)["acme/news"]
    forms.form.rename(forms.form.with_suffix(".old"))
    publishing.publish(any_ctx, forms.path)
    assert "acme/news" not in served(any_ctx)
    forms.form.with_suffix(".old").rename(forms.form)

    publishing.publish(any_ctx, forms.path)

    assert served(any_ctx)["acme/news"] == before


def test_a_served_definition_of_one_form_lets_in_no_other(
    any_ctx: Context, forms: FormsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_earlier_release(any_ctx, forms.write(STEERS), monkeypatch)
    shutil.copy(forms.form, forms.form.with_name("other.yaml"))

    assert publishing.publish(any_ctx, forms.path).kept_back == {("acme", "other")}


def test_what_was_accepted_is_kept_with_the_definition_word_for_word_and_is_no_part_of_the_notice(
    any_ctx: Context, forms: FormsFolder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_earlier_release(any_ctx, forms.write(STEERS), monkeypatch)
    clock.forward(days=1)
    publishing.publish(any_ctx, forms.write(ANSWERED).path)

    assert len(stored(any_ctx)) == 1
    rows = audit.rows(any_ctx, "definitions", "controller = 'acme'")
    first, second = sorted(rows, key=lambda row: row["served_from"])
    for row, text in ((first, STEERS), (second, ANSWERED)):
        assert (row["document"], row["controller_document"]) == (text, forms.controller.read_text(encoding="utf-8"))
        assert row["hash"] == sha256(f"{row['document']}{row['controller_document']}".encode()).hexdigest()
        assert stored(any_ctx)[0]["hash"] in json.loads(row["notices"])
    assert first["accepted"] == "[]"
    (accepted,) = json.loads(second["accepted"])
    assert accepted.pop("finding").startswith("`In ruil voor`: ")
    assert accepted == {
        "code": "AK346",
        "file": "news.yaml",
        "place": "purposes.news.text.nl",
        "because": "Everybody gets the cake.",
    }
    assert [row["served_from"][:10] for row in (first, second)] == ["2026-11-21", "2026-11-22"]


def test_a_broken_controller_file_keeps_every_form_of_it(any_ctx: Context, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    before = audit.everything(any_ctx)
    forms.controller.write_text("name: [")

    published = publishing.publish(any_ctx, forms.path)

    assert audit.everything(any_ctx) == before
    assert published.kept_back == {("acme", "news")}


def test_a_form_that_never_was_in_order_is_out_of_order_while_the_others_serve(
    any_ctx: Context, forms: FormsFolder
) -> None:
    forms.form.with_name("other.yaml").write_text(FORM)
    publishing.publish(any_ctx, forms.write(BROKEN).path)

    found = served(any_ctx)
    assert (found["acme/news"].in_order, found["acme/news"].notices) == (False, {})
    assert found["acme/other"].in_order
    publishing.publish(any_ctx, forms.write(FORM).path)
    assert served(any_ctx)["acme/news"].in_order


def test_the_age_that_counts_is_checked_on_the_day_of_publishing(
    any_ctx: Context, clock: Clock, tmp_path: Path
) -> None:
    shutil.copytree(paths.SAMPLES / "demolen", tmp_path / "demolen")
    file = tmp_path / "demolen" / "controller.yaml"
    moved = changed(file.read_text(encoding="utf-8"), "country: BE\ncontact", "country: DK\ncontact")
    file.write_text(changed(moved, "be-gba", "dk-datatilsynet"), encoding="utf-8")

    clock.now = datetime(2023, 12, 31, 23, 59, tzinfo=UTC)  # from 2024 on, children decide at 15 in Denmark
    assert publishing.publish(any_ctx, tmp_path).faults == ()
    clock.forward(minutes=1)
    published = publishing.publish(any_ctx, tmp_path)
    assert {fault.code for fault in published.faults} == {"AK322"}
    assert len(published.kept_back) == 2


def test_a_form_that_was_deleted_is_served_no_more_but_its_links_work(any_ctx: Context, forms: FormsFolder) -> None:
    forms.form.with_name("other.yaml").write_text(FORM)
    publishing.publish(any_ctx, forms.path)
    sofie = Person(any_ctx, controller="acme", form="news")
    token = sofie.asks("news")
    forms.form.unlink()

    publishing.publish(any_ctx, forms.path)

    assert set(served(any_ctx)) == {"acme/other"}
    assert {row["form"] for row in stored(any_ctx) if row["current_until"] is None} == {"other"}
    sofie.says_yes(token)
    assert sofie.statuses() == {"news": "granted"}
    assert sofie.withdraws() == ["news"]


def test_after_the_last_form_of_a_controller_went_links_still_work(any_ctx: Context, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    sofie = Person(any_ctx, controller="acme", form="news")
    sofie.grants("news")
    publishing.publish(any_ctx, paths.SAMPLES)
    assert "acme/news" not in served(any_ctx)

    sofie.stops()
    assert sofie.objects().objected
    assert sofie.statuses() == {"news": "granted"}
    assert sofie.withdraws() == ["news"]
    assert len(sofie.mails()) == 2


def test_a_folder_that_cannot_be_read_takes_no_form_away(any_ctx: Context, forms: FormsFolder, tmp_path: Path) -> None:
    publishing.publish(any_ctx, forms.path)
    before = audit.everything(any_ctx)

    assert publishing.publish(any_ctx, tmp_path / "nowhere").faults != ()
    assert audit.everything(any_ctx) == before


def test_a_definition_that_comes_back_is_current_again_under_the_same_name(
    any_ctx: Context, clock: Clock, forms: FormsFolder
) -> None:
    publishing.publish(any_ctx, forms.path)
    shown = served(any_ctx)["acme/news"].notice_hash("nl", "adult")
    publishing.publish(any_ctx, forms.write(NEWER).path)
    clock.forward(days=30)
    publishing.publish(any_ctx, forms.write(FORM).path)

    assert served(any_ctx)["acme/news"].notice_hash("nl", "adult") == shown
    by_hash = {row["hash"]: row for row in stored(any_ctx)}
    assert by_hash[shown]["current_until"] is None
    assert by_hash[shown]["stored_at"] == "2026-11-21T13:32:05.000000Z"
    assert len(by_hash) == 2


def test_a_comment_in_the_file_is_another_definition_but_the_same_notice(any_ctx: Context, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    before = served(any_ctx)["acme/news"]
    publishing.publish(any_ctx, forms.write(f"# checked by the lawyer\n{FORM}").path)

    after = served(any_ctx)["acme/news"]
    assert (after.notices, after.definition != before.definition) == (before.notices, True)
    assert len(stored(any_ctx)) == 1


def test_new_looks_change_no_notice(any_ctx: Context, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    controller = forms.controller.read_text()
    before = served(any_ctx)["acme/news"]
    forms.controller.write_text(changed(controller, '"#8a4b08"', '"#1d4f91"'))
    publishing.publish(any_ctx, forms.path)

    after = served(any_ctx)["acme/news"]
    assert (after.notices, after.theme.accent) == (before.notices, "#1d4f91")
    with any_ctx.database.read() as connection:
        assert any_ctx.fresh_notice(connection, after.notices["nl/adult"]).theme.accent == "#1d4f91"


def test_a_purpose_that_was_added_is_a_new_notice(any_ctx: Context, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    send_form(any_ctx, purposes=("news",), controller="acme", form="news")
    publishing.publish(any_ctx, forms.write(FORM + SECOND_PURPOSE).path)
    send_form(any_ctx, purposes=("news",), controller="acme", form="news")

    assert len({row["notice"] for row in audit.rows(any_ctx, "requests")}) == 2


def test_the_demo_adds_origins_in_memory_of_the_served_form_alone(any_ctx: Context, forms: FormsFolder) -> None:
    publishing.publish(any_ctx, forms.path)
    plain = served(any_ctx)["acme/news"]
    publishing.publish(any_ctx, forms.path, ("http://localhost:5001",))

    assert served(any_ctx)["acme/news"] == replace(plain, origins=(*plain.origins, "http://localhost:5001"))
