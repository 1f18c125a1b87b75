"""The page that shows a notice as it was shown, to anybody with its hash. It never changes, so caches keep it."""

from flask import Blueprint, Response

from ..services import notice_text
from . import policies
from .app_state import ctx
from .rendering import notice_page

blueprint = Blueprint("notice", __name__)


@blueprint.get("/notice/<notice_hash>")
def show(notice_hash: str) -> Response:
    """A notice that some form showed."""
    stored = notice_text.shown(ctx(), notice_hash)
    response = notice_page(
        "notice/notice.html", stored, (stored.notice.language,), parts=notice_text.parts(stored.notice)
    )
    response.headers["Cache-Control"] = policies.FOR_EVER
    response.add_etag(weak=True)
    return response
