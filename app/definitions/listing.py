"""What is served, as the web developer's tools read it: one entry a form."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from .loading import GoodForm, Loaded, load
from .schema.models import Form


def forms(folder: Path, base_url: str, today: date) -> list[dict[str, Any]]:
    """The forms below a folder that have no error today, in the order of their addresses.

    `url` is the whole address where the base address of the server is known, else its path.
    """
    loaded = load(folder, today)
    return entries(loaded, loaded.forms, base_url)


def entries(loaded: Loaded, served: Iterable[GoodForm], base_url: str) -> list[dict[str, Any]]:
    """The same of those forms of a folder that are served; `to_answer` has the codes of what each leaves unanswered."""
    faulty = loaded.faulty
    return [
        {
            "controller": good.controller_id,
            "form": good.form_id,
            "languages": list(good.form.languages),
            "audience": good.form.audience,
            "service": good.form.service,
            "age_gate": _age_gate(good.form),
            "fields": [{"id": field.id, "type": field.type, "required": field.required} for field in good.form.fields],
            "purposes": [
                {
                    "id": purpose.id,
                    "basis": purpose.basis,
                    "special_category": purpose.special_category.kind if purpose.special_category else None,
                }
                for purpose in good.form.purposes
            ],
            "to_answer": sorted({fault.code for fault in faulty.get(good.address, ())}),
            "url": f"{base_url}/f/{good.controller_id}/{good.form_id}",
        }
        for good in served
    ]


def _age_gate(form: Form) -> dict[str, Any] | None:
    if form.age_gate is None:
        return None
    return {"countries": list(form.age_gate.countries), "age": form.age_gate.age}
