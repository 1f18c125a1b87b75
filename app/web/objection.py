"""The objection page: to all direct marketing with one click, and to what is done on a legitimate interest."""

from flask import Blueprint, Response, abort, request

from ..services import objectable, objection
from ..services.objectable import Interest
from ..services.objection import ObjectionView
from . import results
from .app_state import kit
from .forms import submitted_button
from .rendering import in_asked_language, mailed_page
from .results import Result

blueprint = Blueprint("objection", __name__)


@blueprint.get("/object/<token>")
def show(token: str) -> Response:
    """What can be objected to, or that it was. `purpose` in the address names what the link was asked for."""
    return _offer(objection.view(kit(), token))


@blueprint.post("/object/<token>")
def decide(token: str) -> Response:
    """Object, or leave it as it is."""
    interest = request.form.get("interest")
    if interest is not None:
        found = objection.object_to_interest(kit(), token, interest)
        if found is None:
            abort(404)
        return _page("objection/interest.html", objection.view(kit(), token), interest=found)
    button = submitted_button("yes", "no")
    if button == "yes":
        return _page("objection/done.html", objection.object_to_marketing(kit(), token))
    view = objection.view(kit(), token)
    if button == "no":
        return _page(results.OBJECTION_LEFT, view)
    return _offer(view, status=422)


def _offer(view: ObjectionView, status: int = 200) -> Response:
    if view.objected and not view.interests:
        return _page("objection/done.html", view, status)
    about = view.offered.about(request.args.get("purpose", ""))
    choosing = bool(about.interests) and not about.only and not (about.marketing and view.objected)
    first = [interest for interest in about.interests if interest != about.only]
    others = [interest for interest in view.interests if interest not in about.interests]
    return _page("objection/object.html", view, status, one=about.only, choosing=choosing, rows=first + others)


def _page(
    page: str | Result,
    view: ObjectionView,
    status: int = 200,
    one: Interest | None = None,
    rows: list[Interest] | None = None,
    interest: Interest | None = None,
    choosing: bool = False,
) -> Response:
    language = in_asked_language(view.stored).notice.language
    spoken = {known.key: known for known in objectable.translated(kit(), view.interests, language)}
    purpose = request.args.get("purpose", "")
    return mailed_page(
        page,
        view.stored,
        status,
        view=view,
        one=one and spoken[one.key],
        rows=[spoken[row.key] for row in rows or ()],
        interest=interest and spoken[interest.key],
        choosing=choosing,
        keep={"purpose": purpose if purpose in view.offered.purposes else ""},
    )
