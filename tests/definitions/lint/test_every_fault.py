"""One run reports everything that is wrong: no fault hides another one."""

from tests.definitions.folder import CONTROLLER, FORM, FormsFolder, changed, check

BROKEN_FORM = """\
languages: [nl, en, de]
audience: adults
titel: {nl: Nieuws}
title:
  nl: Nieuws
intro:
  nl: Dit vragen we.
  en: This is what we ask.
fields:
  - id: Phone
    type: telephone
    label: {nl: Telefoon, en: Phone}
    required: maybe
purposes:
  - id: news
    basis: consent
    checked: true
    title:
      nl: Nieuws
      en: News
    text: {nl: "", en: News by phone}
    data: [email, phone]
    recipients:
      - name: onze partners
        role: friend
        country: US
        use: {nl: bellen, en: call}
    automated_decisions: none
    keep: for ever
    valid_for: 1 year
    channel: phone
    special_category: {kind: health}
  - id: news
    title:
      nl: Nieuws
      en: Other news
    data: email
    recipients: none
    transfers: none
    channel: email
    text:
      nl: ...
      en: News
  - just a text
"""

BROKEN_CONTROLLER = """\
name: De Molen
address: ""
country: Belgium
contact: nobody
authority: gba
privacy_statement:
  nl: http://www.demolen.example
origins: [http://www.demolen.example, "https://*"]
theme: {accent: "#ffff00", radius: 40, font: Comic Sans, scheme: auto}
evidence_for: long
"""


def test_every_fault_of_a_form_and_its_controller_comes_in_one_run(forms: FormsFolder) -> None:
    forms.write(BROKEN_FORM, BROKEN_CONTROLLER)

    faults = forms.faults()

    assert [(fault.line, fault.column, fault.code) for fault in faults if fault.path.endswith("controller.yaml")] == [
        (1, 1, "AK303"),
        (1, 1, "AK367"),
        (2, 10, "AK210"),
        (3, 10, "AK222"),
        (4, 10, "AK218"),
        (5, 12, "AK205"),
        (7, 7, "AK219"),
        (8, 11, "AK220"),
        (8, 39, "AK220"),
        (9, 17, "AK316"),
        (9, 36, "AK221"),
        (9, 46, "AK231"),
        (10, 15, "AK217"),
    ]
    assert [(fault.line, fault.column, fault.code) for fault in faults if fault.path.endswith("news.yaml")] == [
        (1, 17, "AK320"),
        (1, 21, "AK214"),
        (2, 11, "AK228"),
        (3, 1, "AK201"),
        (4, 1, "AK215"),
        (10, 9, "AK206"),
        (10, 9, "AK309"),
        (11, 11, "AK205"),
        (11, 11, "AK356"),
        (13, 15, "AK203"),
        (15, 5, "AK303"),
        (17, 5, "AK301"),
        (21, 16, "AK210"),
        (22, 19, "AK310"),
        (24, 15, "AK307"),
        (25, 15, "AK205"),
        (26, 18, "AK308"),
        (29, 11, "AK217"),
        (31, 14, "AK312"),
        (32, 23, "AK311"),
        (33, 5, "AK303"),
        (33, 5, "AK304"),
        (33, 9, "AK208"),
        (35, 11, "AK306"),
        (37, 11, "AK203"),
        (42, 11, "AK212"),
        (44, 5, "AK203"),
    ]


def test_faults_come_by_file_line_and_column_and_none_twice(forms: FormsFolder) -> None:
    forms.write(BROKEN_FORM, BROKEN_CONTROLLER)

    faults = forms.faults()

    assert faults == sorted(faults)
    assert len(set(faults)) == len(faults)


def test_a_fault_is_one_line_with_a_path_from_here(forms: FormsFolder, monkeypatch: object) -> None:
    forms.write(form=changed(FORM, "channel: email", "channel: fax"))

    (fault,) = forms.faults()

    assert str(fault) == (f"{forms.form}:31:14 AK205 `channel: fax`: write email, phone, sms, post or none")


def test_a_broken_controller_file_hides_nothing_in_its_forms(forms: FormsFolder) -> None:
    forms.write(changed(FORM, "channel: email", "channel: fax"), controller="name: [")

    assert [(fault.path.rsplit("/", 1)[1], fault.code) for fault in forms.faults()] == [
        ("controller.yaml", "AK105"),
        ("news.yaml", "AK205"),
    ]


def test_a_folder_a_file_and_a_controller_file_can_be_checked_alone(forms: FormsFolder) -> None:
    forms.write(changed(FORM, "channel: email", "channel: fax"), changed(CONTROLLER, "dpo: none\n", ""))

    assert [fault.code for fault in check(forms.path)] == ["AK303", "AK205"]
    assert [fault.code for fault in check(forms.path / "acme")] == ["AK303", "AK205"]
    assert [fault.code for fault in check(forms.form)] == ["AK205"]
    assert [fault.code for fault in check(forms.controller)] == ["AK303"]
