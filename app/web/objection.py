"""The objection page: to all direct marketing with one click, and to what is done on a legitimate interest."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, request

from .. import i18n
from ..domain.mail import Seen
from ..services import notice_choice, objectable, objection
from ..services.objectable import Interest
from ..services.objection import ObjectionView
from . import results
from .app_state import ctx
from .forms import ObjectionForm, Problems, submitted_button
from .rendering import in_asked_language, mailed_page
from .results import Result

blueprint = Blueprint("objection", __name__)


@blueprint.get("/object/<token>")
def show(token: str) -> Response:
    """What can be objected to, or that it was. `purpose` in the address names what the link was asked for."""
    return _offer(objection.view(ctx(), token))


@blueprint.post("/object/<token>")
def decide(token: str) -> Response:
    """Object, or leave it as it is."""
    interest = request.form.get("interest")
    if interest is not None:
        view = objection.view(ctx(), token)
        meant = next((known for known in view.interests if known.key == interest), None)
        typed = _asked_with(view, (meant,) if meant else ())
        if meant and meant.key not in view.noted and (wrong := typed.problems()):
            return _offer(view, 422, wrong)
        found = objection.object_to_interest(ctx(), token, interest, **typed.answers)
        if found is None:
            abort(404)
        view = objection.view(ctx(), token)
        return _page("objection/interest.html", view, interest=_spoken(view, found))
    button = submitted_button("yes", "no")
    if button == "yes":
        done = objection.object_to_marketing(ctx(), token)
        return _page(results.CHILD_OBJECTED if done.by_child else "objection/done.html", done)
    view = objection.view(ctx(), token)
    if button == "no":
        return _page(results.CHILD_OBJECTION_LEFT if view.by_child else results.OBJECTION_LEFT, view)
    return _offer(view, status=422)


def _asked_with(view: ObjectionView, interests: Iterable[Interest]) -> ObjectionForm:
    """What is asked beside an objection to one of these interests."""
    by_phone = any(interest.by_phone for interest in interests)
    return ObjectionForm(in_asked_language(view.stored).notice, by_phone)


def _offer(view: ObjectionView, status: int = 200, wrong: Problems | None = None) -> Response:
    """What can be objected to: what the link was asked for comes first. `wrong` is what to put right.

    A child is asked about advertising alone, in its own words; a parent or the contact helps it with the rest.
    """
    if view.by_child:
        return _page(results.CHILD_OBJECTED if view.objected else "objection/child.html", view, status)
    if view.objected and not view.interests:
        return _page("objection/done.html", view, status)
    about = view.offered.about(request.args.get("purpose", ""))
    choosing = bool(about.interests) and not about.only and not (about.marketing and view.objected)
    first = [interest for interest in about.interests if interest != about.only]
    others = [interest for interest in view.interests if interest not in about.interests]
    one = _spoken(view, about.only) if about.only else None
    open_ones = [about.only] if about.only else [known for known in view.interests if known.key not in view.noted]
    return _page(
        "objection/object.html",
        view,
        status,
        token=(request.view_args or {})["token"],
        heading=_heading(view, one, choosing),
        one=one,
        choosing=choosing,
        rows=[_spoken(view, interest) for interest in first + others],
        fields=_asked_with(view, open_ones).fields,
        problems=wrong or [],
        wrong=dict(wrong or []),
        values={name: request.form.get(name, "") for name in ("reasons", "phone")},
        rows_first=choosing and view.offered.marketing and not view.objected,
    )


def _heading(view: ObjectionView, one: Interest | None, choosing: bool) -> str:
    notice = in_asked_language(view.stored).notice
    t = i18n.speaker(notice.language, notice.young)
    if one:
        noted = one.key in view.noted
        return t("mail.interest.subject", purpose=one.title) if noted else t("object.to", purpose=one.title)
    if choosing:
        return t("object.choose.title")
    return t("object.done.title" if view.objected else "object.title")


def _spoken(view: ObjectionView, interest: Interest) -> Interest:
    """The same interest in the language of the page."""
    language = in_asked_language(view.stored).notice.language
    return objectable.translated(ctx(), [interest], language)[0]


def _page(page: str | Result, view: ObjectionView, status: int = 200, **context: Any) -> Response:
    named = request.args.get("purpose", "")
    keep = {"purpose": named if named in view.offered.purposes else ""}
    look = "child" if view.by_child else ""
    language = in_asked_language(view.stored).notice.language

    def titles(of: Iterable[Seen]) -> list[str]:
        return [notice_choice.purpose_in(ctx(), seen, language).title for seen in of]

    return mailed_page(
        page,
        view.stored,
        status,
        keep=keep,
        view=view,
        look=look,
        told=objectable.translated(ctx(), view.offered.told, language),
        stopped=titles(view.stopped),
        running=titles(view.running),
        **context,
    )
