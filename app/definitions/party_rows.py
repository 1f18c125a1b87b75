"""What a notice says of who is behind a form: the controller, those who decide or work with it, and where data goes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .. import i18n
from ..domain.countries import EEA
from ..domain.notice import NoticeRow
from .schema.controller import Controller, Processor
from .schema.models import Purpose, Recipient, Transfers


class PartyRows:
    """The sentences for one language and reader. `t` says a text, `who` are the values that every text gets."""

    def __init__(self, controller: Controller, language: str, t: Callable[..., str], who: dict[str, Any]) -> None:
        self.controller = controller
        self.language = language
        self.t = t
        self.who = who
        self.address = controller.address[language]
        """Where the controller is, in this language."""

    def about(self, imprint: str) -> tuple[NoticeRow, ...]:
        """Who decides, who speaks for it, and where questions go (GDPR art. 13(1)(a) and (b), 26(2), 28)."""
        controller, representative = self.controller, self.controller.representative
        rows: list[NoticeRow] = [(self.t("notice.controller"), (imprint,))]
        if controller.joint_controllers:
            joint = (
                f"{one.name}, {one.contact}: {one.arrangement[self.language]}" for one in controller.joint_controllers
            )
            rows.append((self.t("notice.joint"), tuple(joint)))
        if representative:
            speaks = f"{representative.name}, {representative.address}, {representative.contact}"
            rows.append((self.t("notice.representative"), (speaks,)))
        rows.append((self.t("notice.contact"), (controller.contact,)))
        rows.append((self.t("notice.dpo"), (self.officer() or self.t("notice.dpo.none", **self.who),)))
        if controller.processors:
            lines = tuple(self._line("processor", one) for one in controller.processors)
            rows.append((self.t("notice.processors"), lines))
        return tuple(rows)

    def helpers(self) -> tuple[NoticeRow, ...]:
        """Who works for the controller, in a child's words."""
        if not self.controller.processors:
            return ()
        lines = (self._line_for_child("processor", one) for one in self.controller.processors)
        return ((self.t("child.notice.helpers"), tuple(lines)),)

    def officer(self) -> str:
        """The data protection officer with the mail address; empty where there is none."""
        dpo = self.controller.dpo
        return f"{dpo.name}, {dpo.email}" if dpo else ""

    def recipients(self, purpose: Purpose) -> tuple[str, ...]:
        """Who receives the data of a purpose; who works for the controller on every form is named, and told once."""
        if not purpose.recipients:
            return (self._line(*self._nobody()),)
        lines: list[str] = []
        for recipient in purpose.recipients:
            lines.append(self._line(recipient.role, recipient))
            if recipient.role == "controller":
                lines.append(self.stays(recipient))
        if others := self._others(purpose):
            lines.append(self.t("notice.recipients.more", names=others))
        return tuple(lines)

    def stays(self, recipient: Recipient) -> str:
        """What was passed on to one that decides itself stays there until people ask it (GDPR art. 17(2), 19)."""
        contact = recipient.contact or self.controller.contact
        return self.t("notice.recipients.stays", recipient=recipient.name, contact=contact)

    def recipients_for_child(self, purpose: Purpose) -> tuple[str, ...]:
        """The same in a child's words."""
        if not purpose.recipients:
            return (self._line_for_child(*self._nobody()),)
        lines = [self._line_for_child(one.role, one) for one in purpose.recipients]
        if others := self._others(purpose):
            lines.append(self.t("child.notice.recipients.more", names=others))
        return tuple(lines)

    def transfers(self, transfers: Transfers | None) -> tuple[str, ...]:
        """Where the data goes: with the purpose, and with those who work for the controller (GDPR art. 13(1)(f))."""
        lines, controller = [], self.controller
        if controller.country not in EEA:
            country = i18n.country(controller.country, self.language)
            lines.append(self.t("notice.transfers.here", country=country))
        for safeguard, countries in self._safeguards(transfers).items():
            kind = "unprotected" if safeguard == "none" else safeguard
            lines.append(self.t(f"notice.transfers.{kind}", countries=self._countries(countries), **self.who))
        if transfers and transfers.risk:
            lines.append(self.t("notice.transfers.risk", risk=transfers.risk[self.language]))
        return tuple(lines) or (self.t("notice.transfers.none"),)

    def transfers_for_child(self, transfers: Transfers | None) -> tuple[str, ...]:
        """The same in a child's words."""
        found = self._safeguards(transfers).values()
        countries = list(dict.fromkeys(code for codes in found for code in codes))
        if not countries:
            return (self.t("child.notice.transfers.none"),)
        return (self.t("child.notice.transfers.to", countries=self._countries(countries)),)

    def for_parent(self) -> tuple[str, ...]:
        """What a parent is told of the own address, which a child gave (GDPR art. 14(1)(b), (e) and (f))."""
        processors = self.controller.processors
        if processors is None:
            lines = [self.t("guardian.notice.recipients", **self.who)]
        elif processors:
            names = listed([self._named(one) for one in processors], self.t)
            lines = [self.t("guardian.notice.helped", names=names, **self.who)]
        else:
            lines = [self.t("guardian.notice.alone", **self.who)]
        if processors is not None or self.controller.country not in EEA:
            lines += self.transfers(None)
        if officer := self.officer():
            lines.append(self.t("guardian.notice.dpo", dpo=officer))
        return tuple(lines)

    def _others(self, purpose: Purpose) -> str:
        """Who works for the controller and is no recipient of this purpose by name."""
        told = {recipient.name for recipient in purpose.recipients}
        return listed([one.name for one in self.controller.processors or () if one.name not in told], self.t)

    def _nobody(self) -> tuple[str, None, str]:
        """How to say who receives what no recipient is named for: the controller, and who works for it."""
        processors = self.controller.processors
        if processors is None:
            return "unnamed", None, ""
        return "helped" if processors else "none", None, listed([one.name for one in processors], self.t)

    def _line(self, kind: str, one: Recipient | Processor | None, names: str = "") -> str:
        name, country, use = self._parts(one)
        return self.t(f"notice.recipients.{kind}", recipient=name, country=country, use=use, names=names, **self.who)

    def _line_for_child(self, kind: str, one: Recipient | Processor | None, names: str = "") -> str:
        name, country, use = self._parts(one)
        return self.t(
            f"child.notice.recipients.{kind}", recipient=name, country=country, use=use, names=names, **self.who
        )

    def _parts(self, one: Recipient | Processor | None) -> tuple[str, str, str]:
        """Name, country, and what is done with the data, as the end of a sentence."""
        if one is None:
            return "", "", ""
        use = one.use if isinstance(one, Recipient) else one.task
        return one.name, i18n.country(one.country, self.language), use[self.language].rstrip(".")

    def _named(self, processor: Processor) -> str:
        return f"{processor.name} ({i18n.country(processor.country, self.language)})"

    def _safeguards(self, transfers: Transfers | None) -> dict[str, list[str]]:
        """The countries outside the EEA by what protects the data there."""
        found: dict[str, list[str]] = {}
        pairs = [(transfers.safeguard, code) for code in transfers.countries] if transfers else []
        pairs += [(one.safeguard, one.country) for one in self.controller.processors or () if one.safeguard]
        for safeguard, code in pairs:
            if code not in found.setdefault(safeguard, []):
                found[safeguard].append(code)
        return found

    def _countries(self, codes: Iterable[str]) -> str:
        return ", ".join(i18n.country(code, self.language) for code in codes)


def listed(items: Sequence[str], t: Callable[..., str]) -> str:
    """Some things in a sentence: `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return t("list.last", first=", ".join(items[:-1]), last=items[-1])
