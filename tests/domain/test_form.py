"""A form as it is served."""

import json

from app.domain.form import ServedForm, Theme


def test_a_served_form_is_read_back_whole() -> None:
    form = ServedForm(
        controller="acme",
        form="news",
        languages=("nl", "en"),
        origins=("https://www.acme.example",),
        theme=Theme(accent="#8a4b08", radius=3, font="serif", scheme="dark"),
        definition="d" * 64,
        notices={"nl/adult": "a" * 64},
        in_order=False,
    )

    assert ServedForm.from_plain(json.loads(json.dumps(form.to_plain()))) == form
    assert form.notice_hash("nl", "adult") == "a" * 64
    assert form.notice_hash("en", "adult") is None
