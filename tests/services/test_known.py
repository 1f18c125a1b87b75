"""Which ids are known: what stands in a notice that was ever served, and what is said of everything else."""

import shutil
from pathlib import Path

import pytest

from app import paths
from app.services import known, publishing
from app.services.context import Context
from tests import audit

Ids = tuple[str | None, str | None, str | None]


def refusal(ctx: Context, ids: Ids) -> str:
    with pytest.raises(known.UnknownId) as caught:
        known.require_known(ctx, *ids)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize(
    "ids",
    [
        (None, None, None),
        ("talentwerk", None, None),
        (None, "careers", None),
        (None, None, "keep_cv"),
        ("talentwerk", "careers", None),
        ("talentwerk", None, "keep_cv"),
        (None, "careers", "keep_cv"),
        ("talentwerk", "careers", "keep_cv"),
        ("zorgzeker", "quote", "quote"),  # told, and never asked
        ("demolen", "bakeclub", "reminder"),  # asked of children
    ],
)
def test_what_stands_in_a_notice_is_known(any_ctx: Context, ids: Ids) -> None:
    known.require_known(any_ctx, *ids)


@pytest.mark.parametrize(
    ("ids", "line"),
    [
        (("talentwrek", None, None), "no controller 'talentwrek' is known. Did you mean talentwerk?"),
        ((None, "carers", None), "no form 'carers' is known. Did you mean careers?"),
        ((None, None, "keepcv"), "no purpose 'keepcv' is known. Did you mean keep_cv?"),
        ((None, "talentwerk/careers", None), "no form 'talentwerk/careers' is known. Did you mean careers?"),
        (("demolen", "careers", None), "no form 'careers' is known at demolen. Known: bakeclub, newsletter, photo"),
        (
            ("talentwerk", None, "recipes"),
            "no purpose 'recipes' is known at talentwerk. Known: keep_cv, matching, offers_mail, offers_phone",
        ),
        (
            ("talentwerk", "careers", "news"),
            "no purpose 'news' is known at talentwerk/careers. Known: keep_cv, matching, offers_mail, offers_phone",
        ),
        (
            (None, "careers", "medical"),
            "no purpose 'medical' is known at careers. Known: keep_cv, matching, offers_mail, offers_phone",
        ),
        (
            ("", None, None),
            "no controller '' is known. Known: belcentrum, demolen, hogeschool, metaalnet, talentwerk, zorgzeker",
        ),
        (
            ("a\nb\udcff", None, None),
            "no controller 'a\\nb\\udcff' is known. "
            "Known: belcentrum, demolen, hogeschool, metaalnet, talentwerk, zorgzeker",
        ),
    ],
)
def test_what_does_not_is_named_in_one_line_with_what_may_have_been_meant(
    any_ctx: Context, ids: Ids, line: str
) -> None:
    assert refusal(any_ctx, ids) == line


def test_the_line_stays_short_where_much_is_known_or_given(any_ctx: Context) -> None:
    line = refusal(any_ctx, (None, None, "x" * 5000))

    assert line.startswith(f"no purpose '{'x' * 80}' is known. Known: bake_day, ")
    assert line.endswith(", …")
    assert len(line) < 300


def test_a_form_that_was_retired_stays_known(any_ctx: Context, tmp_path: Path) -> None:
    rest = tmp_path / "rest"
    shutil.copytree(paths.SAMPLES, rest, ignore=shutil.ignore_patterns("talentwerk"))
    publishing.publish(any_ctx, rest)
    assert not audit.rows(any_ctx, "forms", "controller = 'talentwerk'")

    known.require_known(any_ctx, "talentwerk", "careers", "keep_cv")


def test_a_purpose_that_an_edit_took_out_stays_known(any_ctx: Context, tmp_path: Path) -> None:
    shorter = tmp_path / "shorter"
    shutil.copytree(paths.SAMPLES, shorter)
    form = shorter / "metaalnet" / "events.yaml"
    form.write_text(
        form.read_text(encoding="utf-8").replace("- id: workshops\n", "- id: gatherings\n"), encoding="utf-8"
    )
    before = {row["hash"] for row in audit.rows(any_ctx, "notices", "form = 'events'")}
    publishing.publish(any_ctx, shorter)
    assert {row["hash"] for row in audit.rows(any_ctx, "notices", "form = 'events'")} > before

    known.require_known(any_ctx, "metaalnet", "events", "workshops")
    known.require_known(any_ctx, "metaalnet", "events", "gatherings")


@pytest.mark.parametrize("ids", [(None, None, None), ("talentwerk", None, None), (None, None, "keep_cv")])
def test_where_nothing_was_ever_served_nothing_is_known(any_ctx: Context, ids: Ids) -> None:
    for table in ("forms", "notices"):
        audit.run(any_ctx, f"DELETE FROM {table}")

    assert refusal(any_ctx, ids) == f"no form was ever served from {any_ctx.database.place}"
