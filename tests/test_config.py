"""The settings: what each may be, what it is when nobody sets it, and one line for each that is wrong."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from app.config import PREFIX, BadSetting, Rate, Settings
from app.delivery.headers import safe_address
from app.period import Period
from app.signing import Signing


def read(**environ: str) -> Settings:
    return Settings.from_environment({f"{PREFIX}{name}": value for name, value in environ.items()})


def test_nothing_needs_to_be_set_to_try_the_kit() -> None:
    settings = Settings.from_environment({"PATH": "/bin", "FLASK_DEBUG": "1", "SECRET_KEY": "of another program"})

    assert settings.database_url == "sqlite:///instance/akkoord.db"
    assert vars(settings) == {
        "DATA_DIR": Path("instance"),
        "DATABASE_URL": "",
        "FORMS_DIR": None,
        "BASE_URL": "",
        "SECRET_KEY": "",
        "SECRET_KEY_FALLBACKS": (),
        "MAIL_SERVER": "",
        "MAIL_PORT": 25,
        "MAIL_USE_TLS": False,
        "MAIL_USE_SSL": False,
        "MAIL_USERNAME": "",
        "MAIL_PASSWORD": "",
        "MAIL_DEFAULT_SENDER": "",
        "MAIL_TIMEOUT": Period(20, "second"),
        "MAIL_CONNECTIONS": 2,
        "MAIL_RETRY": Period(1, "minute"),
        "CONFIRM_WITHIN": Period(7, "day"),
        "MAIL_PLUS_AFTER": Period(1, "day"),
        "SUBMITS_PER_NETWORK": Rate(600, Period(10, "minute")),
        "TRUSTED_PROXIES": 0,
    }


def test_an_empty_value_means_the_default() -> None:
    assert read(**{field.name: "" for field in fields(Settings)}) == Settings()


INJECTED = {
    "SERVICE_HOST": "10.96.7.4",
    "SERVICE_PORT": "80",
    "SERVICE_PORT_HTTP": "80",
    "PORT": "tcp://10.96.7.4:80",
    "PORT_80_TCP": "tcp://10.96.7.4:80",
    "PORT_80_TCP_PROTO": "tcp",
    "PORT_80_TCP_PORT": "80",
    "PORT_80_TCP_ADDR": "10.96.7.4",
    "DB_SERVICE_HOST": "10.96.7.5",
    "DB_PORT": "tcp://10.96.7.5:5432",
    "DB_PORT_5432_TCP_ADDR": "10.96.7.5",
    "MAIL_PORT": "tcp://10.96.7.6:25",
}


def test_what_kubernetes_and_docker_set_for_a_service_of_this_name_is_no_setting() -> None:
    assert read(**INJECTED) == Settings()


@pytest.mark.parametrize("name", ["PORT", "MALE_PORT", "SERVICE", "SERVICE_HOSTS", "PORT_TCP"])
def test_what_only_looks_like_that_still_stops_the_start(name: str) -> None:
    with pytest.raises(BadSetting, match=f"^AKKOORD_{name}: there is no such setting"):
        read(**{name: "8000"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MAIL_PASSWORD", "sésame ouvre-toi"),
        ("MAIL_USERNAME", "zoë"),
        ("SECRET_KEY", "twenty bytes of no text \udce9"),
        ("SECRET_KEY_FALLBACKS", '["twenty bytes of no text \\udce9"]'),
        ("DATABASE_URL", "postgresql://me:\udce9@db/akkoord"),
    ],
)
def test_a_secret_that_could_not_be_used_stops_the_start_and_is_not_repeated(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=f"^AKKOORD_{name}: ") as raised:
        read(**{name: text})

    assert text not in str(raised.value)
    assert str(raised.value).isascii()


def test_a_key_beyond_ascii_signs() -> None:
    tokens = Signing((read(SECRET_KEY="clé secrète de Zoë").SECRET_KEY,)).step

    assert tokens.read(tokens.make("x"))[0] == "x"


def test_settings_cannot_be_changed_while_the_kit_runs() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().BASE_URL = "https://other.example"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("DATA_DIR", "/var/lib/akkoord", Path("/var/lib/akkoord")),
        ("FORMS_DIR", "forms of ours", Path("forms of ours")),
        ("DATABASE_URL", "postgresql://me:pw@db/akkoord", "postgresql://me:pw@db/akkoord"),
        ("DATABASE_URL", "sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
        ("BASE_URL", "https://forms.example", "https://forms.example"),
        ("BASE_URL", "https://Forms.Example/", "https://forms.example"),
        ("BASE_URL", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("BASE_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("BASE_URL", "http://forms_1.internal", "http://forms_1.internal"),
        ("SECRET_KEY", "0123456789abcdef", "0123456789abcdef"),
        ("SECRET_KEY", "1234567890123456", "1234567890123456"),
        ("SECRET_KEY_FALLBACKS", '["0123456789abcdef", "ghijklmnopqrstuv"]', ("0123456789abcdef", "ghijklmnopqrstuv")),
        ("SECRET_KEY_FALLBACKS", "[]", ()),
        ("MAIL_SERVER", "smtp.example", "smtp.example"),
        ("MAIL_PASSWORD", "12345", "12345"),
        ("MAIL_PORT", "587", 587),
        ("MAIL_USE_TLS", "true", True),
        ("MAIL_USE_TLS", "FALSE", False),
        ("MAIL_USE_SSL", "1", True),
        ("MAIL_DEFAULT_SENDER", "forms@forms.example", "forms@forms.example"),
        ("MAIL_TIMEOUT", "5 seconds", Period(5, "second")),
        ("MAIL_CONNECTIONS", "4", 4),
        ("MAIL_RETRY", "10 minutes", Period(10, "minute")),
        ("CONFIRM_WITHIN", "2 weeks", Period(2, "week")),
        ("MAIL_PLUS_AFTER", "36 hours", Period(36, "hour")),
        ("SUBMITS_PER_NETWORK", "off", None),
        ("SUBMITS_PER_NETWORK", "30 per 1 minute", Rate(30, Period(1, "minute"))),
        ("TRUSTED_PROXIES", "2", 2),
    ],
)
def test_a_setting_is_read_as_what_it_is(name: str, text: str, value: object) -> None:
    assert getattr(read(**{name: text}), name) == value


NOT_PRINTABLE = ["a\nb", "a\rb", "a\0b", "a\u2028b", "a\u202eb"]
NO_NUMBER = ["-1", "1.5", "0x10", "ten", "٣", "²", "1_0", " 5", "", "9" * 5000]
NO_PERIOD = ["0 seconds", "20", "seconds", "-1 minute", "1.5 hours", "2 months", "1 year", "100000 days", "1 minute!"]

WRONG = {
    "DATA_DIR": NOT_PRINTABLE,
    "FORMS_DIR": NOT_PRINTABLE,
    "DATABASE_URL": ["mysql://db/akkoord", "akkoord.db", "oracle://", "file:akkoord.db", "postgresql:/db", "sqlite://"],
    "BASE_URL": [
        "forms.example",
        "ftp://forms.example",
        "https://",
        "https:///x",
        "https://forms.example/path",
        "https://forms.example?x=1",
        "https://forms.example#x",
        "https://me@forms.example",
        "https://me:pw@forms.example",
        "https://@forms.example",
        "https://:pw@forms.example",
        "https://forms.example:port",
        "https://forms.example:99999",
        "https://forms.example:0",
        "https://forms.example:",
        "https://formulé.example",
        "https://forms.exa mple",
        "https://forms.example\\@evil.example",
        "https://forms.example\r\nBcc: x",
        'https://forms.example"',
        "https://<forms>.example",
        "https://[forms",
        "https://[forms]",
        "javascript:alert(1)",
    ],
    "SECRET_KEY": ["short", "fifteen letters"],
    "SECRET_KEY_FALLBACKS": ["0123456789abcdef", '"0123456789abcdef"', '["short"]', "[1]", "{}", "[", "null", "1"],
    "MAIL_SERVER": NOT_PRINTABLE,
    "MAIL_USERNAME": NOT_PRINTABLE,
    "MAIL_PASSWORD": NOT_PRINTABLE,
    "MAIL_PORT": [*NO_NUMBER, "0", "65536"],
    "MAIL_USE_TLS": ["maybe", "2", "ja", "truee", "none"],
    "MAIL_USE_SSL": ["maybe", "2", "ja", "truee", "none"],
    "MAIL_DEFAULT_SENDER": [
        "forms",
        "@",
        "@forms.example",
        "forms@",
        "a@b@c.example",
        "Forms <forms@forms.example>",
        "forms@forms.example, me@forms.example",
        "forms@forms.example;",
        "forms@forms.example\nBcc: me@forms.example",
        "a:b@forms.example",
        "a[b@forms.example",
        "a\\b@forms.example",
        "formulé@forms.example",
    ],
    "MAIL_TIMEOUT": NO_PERIOD,
    "MAIL_CONNECTIONS": [*NO_NUMBER, "0", "11"],
    "MAIL_RETRY": NO_PERIOD,
    "CONFIRM_WITHIN": NO_PERIOD,
    "MAIL_PLUS_AFTER": NO_PERIOD,
    "SUBMITS_PER_NETWORK": [
        "600",
        "per 10 minutes",
        "600 per",
        "0 per 10 minutes",
        "-1 per 10 minutes",
        "600 per 1 month",
        "600/10 minutes",
        "on",
        "1000001 per 1 day",
        "9" * 5000 + " per 10 minutes",
    ],
    "TRUSTED_PROXIES": [*NO_NUMBER, "11"],
}


def test_every_setting_has_its_wrong_values_tried_here() -> None:
    assert set(WRONG) == {field.name for field in fields(Settings)}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts if text])
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(name: str, text: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read(**{name: text})

    line = str(caught.value)
    assert line.startswith(f"AKKOORD_{name}: ")
    assert line.isprintable()
    assert 20 < len(line) < 250


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "MAIL_PASSWORD", "DATABASE_URL"])
def test_a_line_about_a_secret_does_not_repeat_it(name: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read(**{name: "geheim\n"})

    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DEFAULT_SENDER", "AKKOORD_MAIL_DEFAULT_SENDER"),
        ("BASEURL", "AKKOORD_BASE_URL"),
        ("SECRET_KEYS", "AKKOORD_SECRET_KEY"),
        ("SECRET_KEY_FALLBACK", "AKKOORD_SECRET_KEY_FALLBACKS"),
        ("base_url", None),
        ("ZZZZZZ", None),
        ("", None),
    ],
)
def test_a_name_that_is_no_setting_stops_the_start_and_says_what_was_meant(name: str, meant: str | None) -> None:
    with pytest.raises(BadSetting, match=rf"^AKKOORD_{name}: there is no such setting\.") as caught:
        read(**{name: ""})

    assert ("Did you mean" in str(caught.value)) is (meant is not None)
    assert meant is None or f"Did you mean {meant}?" in str(caught.value)


def test_tls_from_the_first_byte_and_tls_on_request_exclude_each_other() -> None:
    with pytest.raises(BadSetting, match=r"AKKOORD_MAIL_USE_SSL.*AKKOORD_MAIL_USE_TLS"):
        read(MAIL_USE_TLS="true", MAIL_USE_SSL="true")


@pytest.mark.parametrize(
    "sender", ["forms@forms.example", "f.o-r+m_s@forms.example", "o'neill@x.example", "a@localhost"]
)
def test_a_sender_that_is_taken_can_stand_in_a_mail(sender: str) -> None:
    taken = read(MAIL_DEFAULT_SENDER=sender).MAIL_DEFAULT_SENDER

    assert safe_address(taken).addr_spec == sender


@pytest.mark.parametrize("prefix", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_postgresql_is_reached_with_the_driver_that_the_kit_brings(prefix: str) -> None:
    assert read(DATABASE_URL=f"{prefix}me@db/akkoord").database_url == "postgresql+psycopg://me@db/akkoord"


def test_a_key_that_looks_like_a_number_or_a_list_stays_text() -> None:
    settings = read(SECRET_KEY='["0123456789", "0123456789"]', MAIL_PASSWORD="true")

    assert settings.SECRET_KEY == '["0123456789", "0123456789"]'
    assert settings.MAIL_PASSWORD == "true"
