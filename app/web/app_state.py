"""What all requests of one process share: the kit, the forms that it serves, and the pages that it has kept."""

from dataclasses import dataclass, field

from flask import current_app

from ..domain.form import ServedForm
from ..services.context import Context
from ..storage import notices
from .page_cache import PageCache
from .prerendered import PrerenderedPages


@dataclass
class AppState:
    """The kit and the forms that it serves, as the pages know them."""

    ctx: Context
    forms: dict[tuple[str, str], ServedForm] = field(default_factory=dict)
    prerendered: PrerenderedPages = field(default_factory=PrerenderedPages)
    page_cache: PageCache = field(init=False)

    def __post_init__(self) -> None:
        self.page_cache = PageCache(self.ctx.clock)

    def reload(self) -> None:
        """Read again which forms are served."""
        self.ctx.forget_notices()
        with self.ctx.database.read() as connection:
            self.forms = {(form.controller, form.form): form for form in notices.served(connection)}
        self.prerendered.clear()
        self.page_cache.clear()

    def of_controller(self, controller: str) -> list[ServedForm]:
        """The forms of a controller that are in order."""
        return [form for (owner, _), form in sorted(self.forms.items()) if owner == controller and form.in_order]


def app_state() -> AppState:
    """The state of the app that answers."""
    state: AppState = current_app.extensions["akkoord"]
    return state


def ctx() -> Context:
    """The kit of the app that answers."""
    return app_state().ctx
