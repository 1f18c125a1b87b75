"""The pages that are a title and a sentence or two, as a table of their texts: `templates/result.html` renders them."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Result:
    """Such a page, by the keys of its texts.

    `lead` stands large under the title and `body` below it, a paragraph each. `link` is the text of its one link; the
    view says where it leads, and where it says nothing there is none. `icon` is `done`, `sent` or nothing. `closes` is
    whether it tells the reader that the page may be closed.
    """

    title: str
    lead: str = ""
    body: tuple[str, ...] = ()
    link: str = ""
    icon: str = ""
    closes: bool = False


DELETED = Result("confirm.deleted.title", "confirm.deleted.body", icon="done", closes=True)
"""The answer to a no."""
STOPPED = Result("withdraw.done.title", "already.after_withdrawal", closes=True)
"""The link is older than a stop: it starts nothing again. Here and below, EXPIRED is a genuine link that is too old."""
EXPIRED = Result("expired.title", "expired.request.body", link="expired.request.again")
EXPIRED_ANSWERED = Result("expired.title", "expired.answered.body", link="link.title")
EXPIRED_MAILED_ANEW = replace(EXPIRED, lead="expired.mailed_anew.body")

ADDRESS_CONFIRMED = Result(
    "child.confirm.yes_done.title",
    body=("child.confirm.yes_done",),
    link="confirmed.stop_now",
    icon="done",
    closes=True,
)
"""A child's answer to whether an address that its parent gave is its own."""
ADDRESS_REFUSED = Result("child.confirm.no_done.title", body=("child.confirm.no_done",), icon="done", closes=True)
ADDRESS_STOPPED = Result("withdraw.done.title", body=("child.confirm.stopped",))
ADDRESS_EXPIRED = Result("expired.title", body=("child.confirm.expired",))

GUARDIAN_DELETED = Result("guardian.deleted.title", "guardian.deleted.body", closes=True)
"""The link after a no, or after a parent has said that the child is not theirs: nothing is left."""
GUARDIAN_NOT_MINE = Result("guardian.not_mine.done.title", "guardian.not_mine.done.body", icon="done", closes=True)
GUARDIAN_STOPPED = Result("withdraw.done.title", "guardian.stopped.body", closes=True)
GUARDIAN_EXPIRED = replace(EXPIRED, lead="expired.guardian.body")
GUARDIAN_RENEWAL_EXPIRED = replace(EXPIRED, lead="guardian.renewal.expired")
OF_A_CHILD = Result(
    "child.own.title", body=("child.own.stands", "child.own.again", "child.own.throw", "child.own.wrong")
)
"""A parent's question that waits at an address which a child has said to be its own: the child reads it."""

OBJECTION_LEFT = Result("object.left.title", "object.left.body", closes=True)
CHILD_OBJECTED = Result("child.object.done.title", body=("child.object.done",), icon="done", closes=True)
CHILD_OBJECTION_LEFT = Result("object.left.title", body=("child.object.left",), closes=True)
OPTED_OUT = Result("stop.done.title", "stop.done.body", link="link.title", icon="done", closes=True)
CHILD_OPTED_OUT = replace(OPTED_OUT, lead="child.stop.done")
LIFTED = Result("lift.done.title", "lift.done.body", icon="done", closes=True)
LIFT_EXPIRED = Result("expired.title", "lift.expired.body", link="lift.expired.again")

LINK_SENT = Result("form.sent.title", "link.sent.mail", ("link.sent",), link="link.again", icon="sent")
"""The same answer for every address."""
OBJECTION_LINK_SENT = replace(LINK_SENT, body=("link.object.sent",))

NOTHING_TICKED = Result("form.nothing.title", "form.nothing.body", link="form.nothing.again")
"""A result, not an error: a no is as good as a yes."""
CHILD_WISHES_NOTHING = Result("child.stopped.title", body=("child.stopped.body",), link="form.nothing.again")
STEP_EXPIRED = Result("step.expired.title", "step.expired.body", link="step.expired.again")
