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
    ("dekaap", "newsletter"),
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
    widths = (*WIDTHS, 1000)  # a page is no wider than at 700 pixels, and a little higher there: its type is larger
    needed, printed = dict.fromkeys(widths, 0), dict.fromkeys(widths, 0)
    for language in served.languages:
        for step in steps:
            address = f"{stage.address}/f/{'/'.join(name)}?lang={language}&site={served.origins[0]}&step={step}"
            answer = page.goto(address)
            assert answer is not None
            for width in widths:
                page.set_viewport_size({"width": width, "height": 600})
                page.evaluate(OPEN)
                needed[width] = max(needed[width], page.evaluate(HEIGHT))
                printed[width] = max(printed[width], estimate(answer.text(), width))
    for width in widths:
        assert needed[width] <= printed[width] <= 1.4 * needed[width], (width, needed, printed)
