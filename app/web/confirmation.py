"""The page behind the link in a confirmation mail. Looking changes nothing: scanners look before people do."""

from flask import Blueprint, Response, request

from ..services import confirmation, faces
from ..services.confirmation import LinkExpired, State, View
from .pressed import pressed
from .site import kit, notice_page

blueprint = Blueprint("confirmation", __name__)

_TEMPLATES = {
    State.OPEN: "confirmation/confirm.html",
    State.CONFIRMED: "confirmation/already.html",
    State.DELETED: "confirmation/deleted.html",
    State.STOPPED: "confirmation/stopped.html",
}


@blueprint.get("/confirm/<token>")
def show(token: str) -> Response:
    """What is asked, or how it was answered."""
    return _page(confirmation.view(kit(), token))


@blueprint.post("/confirm/<token>")
def decide(token: str) -> Response:
    """Yes or no. A POST without a button is not a person's."""
    button = pressed("yes", "no")
    if button is None:
        return _page(confirmation.view(kit(), token), status=422)
    if button == "no":
        return _page(confirmation.refuse(kit(), token))
    view = confirmation.confirm(kit(), token, request.form.getlist("explicit"))
    return _page(view, template="confirmation/done.html" if view.state == State.CONFIRMED else None)


@blueprint.errorhandler(LinkExpired)
def expired(error: LinkExpired) -> Response:
    """The link was genuine, but nobody answered in time."""
    stored, languages = faces.translated(kit(), error.stored, request.args.get("lang"))
    return notice_page("confirmation/expired.html", stored.notice, stored.theme, status=410, languages=languages)


def _page(view: View, template: str | None = None, status: int = 200) -> Response:
    stored, languages = faces.translated(kit(), view.stored, request.args.get("lang"))
    return notice_page(
        template or _TEMPLATES[view.state],
        stored.notice,
        stored.theme,
        status=status,
        languages=languages,
        view=view,
        purposes=[
            (purpose, view.purposes[purpose.id]) for purpose in stored.notice.asked if purpose.id in view.purposes
        ],
    )
