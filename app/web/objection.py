"""The objection page: to all direct marketing with one click, and to what is done on a legitimate interest."""

from flask import Blueprint, Response, abort, request

from ..services import faces, objection
from ..services.objection import View
from .pressed import pressed
from .site import kit, notice_page

blueprint = Blueprint("objection", __name__)


@blueprint.get("/object/<token>")
def show(token: str) -> Response:
    """What can be objected to, or that it was."""
    view = objection.view(kit(), token)
    return _page("objection/done.html" if view.objected and not view.interests else "objection/object.html", view)


@blueprint.post("/object/<token>")
def decide(token: str) -> Response:
    """Object, or leave it as it is."""
    interest = request.form.get("interest")
    if interest is not None:
        found = objection.object_to_interest(kit(), token, interest)
        if found is None:
            abort(404)
        return _page("objection/interest.html", objection.view(kit(), token), interest=found)
    button = pressed("yes", "no")
    if button == "yes":
        return _page("objection/done.html", objection.object_to_marketing(kit(), token))
    view = objection.view(kit(), token)
    if button == "no":
        return _page("objection/left.html", view)
    return _page("objection/object.html", view, status=422)


def _page(template: str, view: View, status: int = 200, **context: object) -> Response:
    stored, languages = faces.translated(kit(), view.stored, request.args.get("lang"))
    return notice_page(template, stored.notice, stored.theme, status=status, languages=languages, view=view, **context)
