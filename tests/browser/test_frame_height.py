"""The height that `akkoord forms` prints for a plain frame: no page of a form is cut off in it."""

from datetime import date

import pytest

from app.domain import age
from app.storage import notices
from app.web.form_visit import step_token
from app.web.frame_height import WIDTHS, estimate
from tests.browser.conftest import Visit
from tests.browser.running import Stage

FORMS = [
    ("belcentrum", "calls"),
    ("demolen", "bakeclub"),
    ("demolen", "newsletter"),
    ("demolen", "photo"),
    ("hogeschool", "graduates"),
    ("jeugdhuis", "camp"),
    ("metaalnet", "events"),
    ("talentwerk", "careers"),
    ("waterland", "everything"),
    ("zorgzeker", "quote"),
]
OPEN = "for (const box of document.querySelectorAll('[type=checkbox]')) box.checked = true"
HEIGHT = "Math.ceil(document.documentElement.getBoundingClientRect().height)"


@pytest.mark.parametrize("name", FORMS, ids="/".join)
def test_the_height_for_a_plain_frame_holds_every_page_of_a_form(
    look: Visit, stage: Stage, name: tuple[str, str]
) -> None:
    with stage.ctx.database.read() as connection:
        served = next(form for form in notices.served(connection) if (form.controller, form.form) == name)
    steps = [""]
    if served.threshold:
        today = stage.clock().date()
        verdicts = [age.verdict(date(today.year - years, 1, 1), today, served.threshold) for years in (40, 17, 9)]
        steps += [step_token(stage.ctx, served, verdict) for verdict in verdicts]
    page = look(java_script_enabled=False)
    for language in served.languages:
        for step in steps:
            address = f"{stage.address}/f/{'/'.join(name)}?lang={language}&site={served.origins[0]}&step={step}"
            answer = page.goto(address)
            assert answer is not None
            html = answer.text()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 600})
                page.evaluate(OPEN)
                needed, printed = page.evaluate(HEIGHT), estimate(html, width)
                assert needed <= printed <= 1.6 * needed, (language, width, needed, printed, address)
