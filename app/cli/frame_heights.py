"""Reads how high frames have to be from the pages that would be served, out of a database that is thrown away."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from ..config import Settings
from ..factory import create_app
from ..services import publishing
from ..services.context import Context
from ..services.publishing import CompiledFolder
from ..web.app_state import AppState
from ..web.frame_height import heights


def of_forms(definitions: CompiledFolder) -> dict[str, dict[int, int]]:
    """The heights in CSS pixels by the width of the frame, for each form by its name."""
    with TemporaryDirectory() as folder:
        settings = Settings(DATA_DIR=Path(folder), BASE_URL="http://localhost")
        ctx = Context.open(settings)
        publishing.serve(ctx, definitions)
        app = create_app(settings, ctx=ctx)
        served = cast(AppState, app.extensions["akkoord"]).forms.values()
        found = {f"{form.controller}/{form.form}": heights(app, ctx, form) for form in served if form.in_order}
        ctx.database.engine.dispose()
    return found
