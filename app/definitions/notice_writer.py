"""Writes the notice of a form: every sentence resolved, for one audience in one language."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from .. import i18n
from ..domain import age
from ..domain.authorities import AUTHORITIES
from ..domain.basis import Basis
from ..domain.consent import Audience
from ..domain.field_values import FILLED_BY_TYPE
from ..domain.notice import Notice, NoticeField, NoticePurpose, NoticeRow, without_mark
from ..period import Period
from .drawings import drawing
from .hoisting import hoisted
from .loading import GoodForm
from .notice_strings import CHILD_NOTICE_STRINGS, NOTICE_STRINGS
from .party_rows import PartyRows, listed
from .schema.controller import Controller
from .schema.models import ChildPurposeTexts, Field, Form, Purpose

HOISTABLE = ("notice.transfers", "notice.automated", "notice.proof", "notice.stopping")
"""Rows of a purpose that are told once where every purpose that has them says the same. What decides (the basis, which
data, who receives it, for how long, how people are reached) stays with its purpose."""


class Ages(NamedTuple):
    """The age (years) from which children decide here, and what the law asks where that is less; else 0."""

    threshold: int
    legal: int

    @classmethod
    def of(cls, form: Form, today: date) -> "Ages":
        gate = form.age_gate
        if gate is None:
            return cls(0, 0)
        legal = age.strictest(gate.countries, form.service, today)
        threshold = age.that_counts(gate.countries, gate.age, form.service, today)
        return cls(threshold, legal if legal < threshold else 0)


def _is_joint(form: Form) -> bool:
    """Whether a child and its parent say yes together: outside online services art. 45 does not count either."""
    countries = form.age_gate.countries if form.age_gate and form.service == "online" else ()
    return not age.JOINT.isdisjoint(countries)


class NoticeWriter:
    """Writes the notice of one form for one audience in one language."""

    strings: tuple[str, ...] = NOTICE_STRINGS

    def __init__(self, good: GoodForm, language: str, audience: Audience, ages: Ages, beside: str = "") -> None:
        self.form_id = good.form_id
        self.controller_id = good.controller_id
        self.controller: Controller = good.controller
        self.form: Form = good.form
        self.language = language
        self.audience = audience
        self.threshold, self.legal_age = ages
        self.beside = beside
        self.joint = audience in (Audience.CHILD, Audience.GUARDIAN) and _is_joint(good.form)
        self.young = audience in (Audience.TEEN, Audience.CHILD)
        self.t = i18n.speaker(language, self.young)
        self.who: dict[str, Any] = {
            "controller": good.controller.name[language],
            "contact": good.controller.contact,
        }
        self.parties = PartyRows(good.controller, language, self.t, self.who)

    def notice(self) -> Notice:
        controller, language = self.controller, self.language
        about = self.form.child if self.young and self.form.child else self.form
        purposes, alike = hoisted([self._purpose(purpose) for purpose in self.form.purposes], self._hoistable())
        notice = Notice(
            controller=self.controller_id,
            controller_name=controller.name[language],
            address=controller.address[language],
            contact=controller.contact,
            privacy_statement=controller.privacy_statement[language],
            country=controller.country,
            evidence_for=str(controller.evidence_for),
            form=self.form_id,
            language=language,
            audience=self.audience.value,
            title=about.title[language],
            intro=about.intro[language],
            rows_before=(),
            rows_after=(),
            purposes=purposes,
            fields=self._fields(),
            words={key: self._word(key) for key in self.strings},
            authority=controller.authority,
            threshold=self.threshold,
            service=self.form.service,
            beside=self.beside,
            registration=controller.registration or "",
            phone=controller.phone or "",
            website=controller.website or "",
            for_parent=self.parties.for_parent() if self.audience == Audience.GUARDIAN else (),
            joint=self.joint,
            legal_age=self.legal_age,
        )
        return replace(notice, common=self._common(notice.imprint, alike))

    def _hoistable(self) -> tuple[str, ...]:
        """The labels of the rows that are told once where every purpose says the same."""
        return tuple(map(self.t, HOISTABLE))

    def _fields(self) -> tuple[NoticeField, ...]:
        return tuple(self._field(field) for field in self.form.fields)

    def _word(self, key: str) -> str:
        # The version is the hash of the notice, which cannot contain its own: a placeholder that the page fills in.
        return self.t(key, **self.who, version="{version}")

    def _common(self, imprint: str, alike: tuple[NoticeRow, ...]) -> tuple[NoticeRow, ...]:
        """What is told once: who is behind the form, what is alike in every purpose, what the kit keeps, and rights."""
        rows = [*self.parties.about(imprint), *alike]
        for_guardian = self.audience == Audience.GUARDIAN
        if for_guardian:
            rows.append((self.t("notice.which_child"), (self.t("notice.which_child.value", age=self.threshold),)))
        if any(purpose.basis.is_asked for purpose in self.form.purposes):
            period = i18n.period(self.controller.evidence_for, self.language)
            proof = self.t("notice.evidence.value_guardian" if for_guardian else "notice.evidence.value", period=period)
            rows.append((self.t("notice.evidence"), (proof,)))
        rows.append((self.t("notice.network"), (self.t("notice.network.value"),)))
        if self.threshold:
            # A parent reads one notice on the form, where the tab remembers, and behind a link, where nothing does.
            tab = self.t("notice.tab.value_guardian" if for_guardian else "notice.tab.value")
            rows.append((self.t("notice.tab"), (tab,)))
        return (*rows, *self._rights())

    def _rights(self) -> tuple[NoticeRow, ...]:
        authority = AUTHORITIES[self.controller.authority]
        complaint = self.t(
            "rights.complaint",
            authority=authority.name(self.language),
            address=authority.address(self.language),
        )
        rights = "rights.list_guardian" if self.audience == Audience.GUARDIAN else "rights.list"
        lines = (self.t(rights), self.t("rights.how", **self.who), complaint)
        return ((self.t("rights.heading"), lines),)

    def _purpose(self, purpose: Purpose) -> NoticePurpose:
        asked = purpose.basis.is_asked
        special = purpose.special_category
        texts = self._texts_for_reader(purpose)
        return NoticePurpose(
            id=purpose.id,
            asked=asked,
            basis=purpose.basis,
            title=texts.title[self.language],
            text=texts.text[self.language],
            statement=special.statement[self.language] if special else "",
            rows=self._rows(purpose, asked),
            data=tuple(purpose.data),
            keep=str(purpose.keep) if isinstance(purpose.keep, Period) else "",
            valid_for=str(purpose.valid_for) if purpose.valid_for else "",
            channel=purpose.channel,
            proof=purpose.proof if asked else "",
            direct_marketing=purpose.direct_marketing,
            stays=tuple(self.parties.stays(one) for one in purpose.recipients if one.role == "controller"),
            drawing=self._drawing(purpose),
        )

    def _drawing(self, purpose: Purpose) -> str:
        """What stands beside a purpose; only a child sees drawings."""
        return ""

    def _texts_for_reader(self, purpose: Purpose) -> Purpose | ChildPurposeTexts:
        return purpose.child if self.young and purpose.child else purpose

    def _basis(self, purpose: Purpose) -> tuple[str, ...]:
        """Why the law allows it: who consents, and under which articles."""
        special = purpose.special_category
        basis: str = "explicit" if special else purpose.basis
        if self.audience != Audience.GUARDIAN or purpose.basis != Basis.CONSENT:
            return (self.t(f"notice.basis.{basis}"),)
        if self.form.service == "offline":
            basis = "consent_guardian_offline"
        else:
            basis = "consent_joint" if self.joint else "consent_guardian"
        lines = [self.t(f"notice.basis.{basis}")]
        if self.legal_age:
            lines.append(self.t("notice.basis.own_age", legal=self.legal_age))
        if special:
            lines.append(self.t("notice.basis.special"))
        return tuple(lines)

    def _rows(self, purpose: Purpose, asked: bool) -> tuple[NoticeRow, ...]:
        rows: list[NoticeRow] = [
            (self.t("notice.basis"), self._basis(purpose)),
            (
                self.t("notice.data"),
                (*self._data(purpose), self._whether_to_give(purpose, asked)),
            ),
        ]
        if purpose.special_category:
            rows.append((self.t("notice.special"), (self.t(f"notice.special.{purpose.special_category.kind}"),)))
        rows += [
            (self.t("notice.recipients"), self.parties.recipients(purpose)),
            (self.t("notice.transfers"), self.parties.transfers(purpose.transfers)),
            (self.t("notice.keep"), self._keep(purpose, asked)),
            *self._automated(purpose),
            (self.t("notice.channel"), (self.t(f"notice.channel.{purpose.channel}"),)),
        ]
        if asked:
            rows.append((self.t("notice.proof"), (self.t(f"notice.proof.{purpose.proof}"),)))
            rows.append((self.t("notice.stopping"), (self.t("rights.withdraw"),)))
        return tuple(rows)

    def _keep(self, purpose: Purpose, asked: bool) -> tuple[str, ...]:
        lines = []
        if isinstance(purpose.keep, Period):
            length = i18n.period(purpose.keep, self.language)
            lines.append(self.t("notice.keep.period" if asked else "notice.keep.told", period=length))
        else:
            reason = purpose.because[self.language] if purpose.because else ""
            lines.append(self.t("notice.keep.until_withdrawn", reason=reason))
        if purpose.valid_for:
            lines.append(self.t("notice.keep.valid_for", period=i18n.period(purpose.valid_for, self.language)))
        return tuple(lines)

    def _automated(self, purpose: Purpose) -> tuple[NoticeRow, ...]:
        automated = purpose.automated_decisions
        if automated is None:
            return ((self.t("notice.automated"), (self.t("notice.automated.none"),)),)
        return (
            (self.t("notice.automated.logic"), (automated.logic[self.language],)),
            (self.t("notice.automated.consequences"), (automated.consequences[self.language],)),
            (self.t("notice.automated"), (self.t("notice.automated.human", **self.who),)),
        )

    def _data(self, purpose: Purpose) -> tuple[str, ...]:
        labels = listed([self._label(field) for field in purpose.data], self.t)
        own = purpose.child.also if self.young and purpose.child else None
        also = own or purpose.also
        lines = [f"{labels[:1].upper()}{labels[1:]}."]
        if also:
            lines.append(self.t("notice.data.also", also=also[self.language].rstrip(".")))
        return tuple(lines)

    def _whether_to_give(self, purpose: Purpose, asked: bool) -> str:
        """Whether people have to give the data, and what follows if they do not (GDPR art. 13(2)(e))."""
        required = [field.id for field in self.form.fields if field.required and field.id in purpose.data]
        is_all = {"email", *required} >= set(purpose.data)
        if asked and not required:
            return self.t("notice.data.free")
        if not asked and is_all:
            return self.t("notice.data.needed")
        needed = [self._label(field) for field in (required if asked else ["email", *required])]
        told = self.t("notice.data.required" if asked else "notice.data.needed_of", fields=listed(needed, self.t))
        return told if is_all else f"{told} {self.t('notice.data.rest')}"

    def _label(self, field_id: str) -> str:
        questions = {field.id: self._question(field) for field in self.form.fields}
        # Inside a sentence a label begins with a small letter, unless it is an abbreviation in capitals (CV), and is no
        # question of its own.
        label = without_mark(questions.get(field_id) or self.t("form.email.label"))
        return label[:1].lower() + label[1:] if label[1:2].islower() else label

    def _question(self, field: Field) -> str:
        return (field.child if self.young and field.child else field).label[self.language]

    def _field(self, field: Field) -> NoticeField:
        return NoticeField(
            id=field.id,
            type=field.type,
            label=self._question(field),
            hint=self._hint(field),
            required=field.required,
            options=tuple((option.id, option.label[self.language]) for option in field.options or ()),
            fill=field.fill or FILLED_BY_TYPE.get(field.type, "none"),
        )

    def _hint(self, field: Field) -> str:
        hints = []
        if field.type == "date":
            hints.append(self.t("field.date.hint", example="27\u00a03\u00a01984") + ".")
        users = [purpose for purpose in self.form.purposes if field.id in purpose.data]
        # What one asked purpose alone uses stands in its card.
        if len(users) == 1 and len(self.form.purposes) > 1 and not users[0].basis.is_asked:
            title = self._texts_for_reader(users[0]).title[self.language]
            hints.append(self.t("field.needed_for", purpose=title))
        return " ".join(hints)


_OWN_YES = {
    "child.wish.title": "child.wish.title.joint",
    "child.wish.body": "child.wish.body.joint",
}
"""What a child reads otherwise where its tick is a yes of its own, and no mere wish."""


class ChildNoticeWriter(NoticeWriter):
    """Writes what a child reads: its own words for every fact, and no field, because a parent is asked for those."""

    strings = CHILD_NOTICE_STRINGS

    def _fields(self) -> tuple[NoticeField, ...]:
        return ()

    def _drawing(self, purpose: Purpose) -> str:
        return drawing(self._texts_for_reader(purpose).title[self.language], self.language, purpose.channel)

    def _word(self, key: str) -> str:
        if key == "child.keep.period":
            return self._longest()
        authority = AUTHORITIES[self.controller.authority]
        place = authority.address(self.language) if key == "child.rights.complaint" else self.parties.address
        return self.t(
            _OWN_YES.get(key, key) if self.joint else key,
            **self.who,
            address=place,
            authority=authority.name(self.language),
            age=self.threshold,
            version="{version}",
            deadline="{deadline}",
            period=i18n.period(self.controller.evidence_for, self.language),
        )

    def _longest(self) -> str:
        """For how long at most what is asked goes on, said once: how long each does stands among its facts."""
        keeps = [purpose.keep for purpose in self.form.purposes if purpose.basis.is_asked]
        periods = [keep for keep in keeps if isinstance(keep, Period)]
        if not periods:
            return self.t("child.keep.until_stop")
        longest = i18n.period(
            max(periods, key=lambda keep: keep.after(datetime.min.replace(tzinfo=UTC))), self.language
        )
        return self.t("child.keep.mixed" if len(periods) < len(keeps) else "child.keep.period", period=longest)

    def _common(self, imprint: str, alike: tuple[NoticeRow, ...]) -> tuple[NoticeRow, ...]:
        return self.parties.helpers()

    def _hoistable(self) -> tuple[str, ...]:
        return ()

    def _rows(self, purpose: Purpose, asked: bool) -> tuple[NoticeRow, ...]:
        return (
            (self.t("child.notice.data"), self._data(purpose)),
            (self.t("child.notice.recipients"), self.parties.recipients_for_child(purpose)),
            (self.t("child.notice.transfers"), self.parties.transfers_for_child(purpose.transfers)),
            (self.t("child.notice.keep"), self._keep(purpose, asked)),
            *self._automated(purpose),
        )

    def _label(self, field_id: str) -> str:
        return self.t("child.notice.data.email") if field_id == "email" else super()._label(field_id)

    def _keep(self, purpose: Purpose, asked: bool) -> tuple[str, ...]:
        if isinstance(purpose.keep, Period):
            lines = [self.t("child.notice.keep.period", period=i18n.period(purpose.keep, self.language))]
        else:
            lines = [self.t("child.notice.keep.until_stop")]
        if purpose.valid_for:
            lines.append(self.t("child.notice.keep.valid_for", period=i18n.period(purpose.valid_for, self.language)))
        return tuple(lines)

    def _automated(self, purpose: Purpose) -> tuple[NoticeRow, ...]:
        key = "none" if purpose.automated_decisions is None else "some"
        return ((self.t("child.notice.automated"), (self.t(f"child.notice.automated.{key}"),)),)
