"""The page behind the link in a confirmation mail. Looking changes nothing: scanners look before people do."""

from flask import Blueprint, Response, request

from ..services import confirmation, faces
from ..services.confirmation import State, View
from ..services.links import LinkExpired
from ..storage.requests import ADDRESS
from .pressed import pressed
from .site import kit, notice_page

blueprint = Blueprint("confirmation", __name__)

_TEMPLATES = {
    State.OPEN: "confirmation/confirm.html",
    State.CONFIRMED: "confirmation/already.html",
    State.DELETED: "confirmation/deleted.html",
    State.STOPPED: "confirmation/stopped.html",
}


_ADDRESS_TEMPLATES = {
    State.OPEN: "confirmation/child_address.html",
    State.CONFIRMED: "confirmation/child_address_yes.html",
    State.DELETED: "confirmation/child_address_no.html",
    State.STOPPED: "confirmation/child_address_stopped.html",
}
"""The same for the question to a child whether an address is its own."""


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
    return _page(view, is_new=view.state == State.CONFIRMED)


@blueprint.errorhandler(LinkExpired)
def expired(error: LinkExpired) -> Response:
    """The link was genuine, but nobody answered in time."""
    stored, languages = faces.translated(kit(), error.stored, request.args.get("lang"))
    name = "child_address_expired" if error.kind == ADDRESS else "expired"
    return notice_page(f"confirmation/{name}.html", stored.notice, stored.theme, status=410, languages=languages)


def _page(view: View, is_new: bool = False, status: int = 200) -> Response:
    stored, languages = faces.translated(kit(), view.stored, request.args.get("lang"))
    if view.request.kind == ADDRESS:
        return notice_page(
            _ADDRESS_TEMPLATES[view.state],
            stored.notice,
            stored.theme,
            status=status,
            languages=languages,
            view=view,
            purposes=[purpose for purpose in stored.notice.asked if purpose.id in view.purposes],
            withdraw_token=view.withdraw_token,
        )
    return notice_page(
        "confirmation/done.html" if is_new else _TEMPLATES[view.state],
        stored.notice,
        stored.theme,
        status=status,
        languages=languages,
        view=view,
        purposes=[
            (purpose, view.purposes[purpose.id]) for purpose in stored.notice.asked if purpose.id in view.purposes
        ],
    )
