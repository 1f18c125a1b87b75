"""Which of the kit's own words stand on a form page. They are part of the notice, because the page renders it alone."""

NOTICE_STRINGS = (
    "chrome.details",
    "chrome.language",
    "chrome.optional",
    "chrome.privacy_statement",
    "form.purposes.legend",
    "form.purposes.hint",
    "form.explicit.hint",
    "form.told.heading",
    "form.told.explain",
    "form.contact.legend",
    "form.email.label",
    "form.email.hint",
    "form.withdraw_before",
    "form.submit",
    "form.no",
    "form.honeypot",
    "field.choice.none",
    "notice.all",
    "notice.common",
    "notice.version",
    "object.interest",
    "rights.marketing.body",
    "rights.marketing.line",
    "rights.marketing.link",
)
"""What adults and teenagers read."""

FORMER_STRINGS = ("form.rights_before", "rights.marketing.heading")

CHILD_RIGHTS = (
    "child.rights.stop",
    "child.rights.before",
    "child.rights.see",
    "child.rights.correct",
    "child.rights.erase",
    "child.rights.pause",
    "child.rights.how",
    "child.rights.complaint",
)
CHILD_WHAT = (
    "child.notice.what.value",
    "child.notice.birth",
    "child.notice.evidence",
    "child.notice.tab",
    "child.notice.network",
    "child.notice.why_allowed",
)
"""Of what a child reads: the sentences about its rights, and about what is kept and why, in their order."""

FORMER_CHILD_STRINGS = ("child.wish.after", "child.guardian.title")
"""Words of earlier releases: notices that have them are told with them. So with FORMER_STRINGS."""

CHILD_NOTICE_STRINGS = (
    "chrome.language",
    "chrome.details",
    "form.honeypot",
    "form.told.heading",
    "notice.version",
    "child.picture",
    "child.asked_by",
    "child.wish.title",
    "child.wish.body",
    "child.keep.period",
    "child.keep.then",
    "child.name.title",
    "child.name.hint",
    "child.guardian.label",
    "child.guardian.hint",
    "child.guardian_word.title",
    "child.guardian_word",
    "child.next_steps.mail",
    "child.next_steps.answer",
    "child.next_steps.throw",
    "child.rights.heading",
    "child.rights.advert",
    *CHILD_RIGHTS,
    "child.notice.told",
    "child.notice.interest",
    "child.notice.who",
    "child.notice.who.value",
    "child.notice.what",
    *CHILD_WHAT,
    "child.parents",
    "child.ask",
    "child.stop",
)
"""What a child reads."""
