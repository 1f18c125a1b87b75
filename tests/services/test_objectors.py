"""The company's own list without the rows of who objects: nothing of it is lost, nothing else is changed."""

import codecs
import time

import pytest

from app.services import objection, objectors
from app.services.context import Context
from app.services.known import UnknownId
from app.services.objectors import NotCsv, SeveralControllers
from tests import audit
from tests.factories import ON_SQLITE, work_off
from tests.services.family import Child, open_club
from tests.services.person import Person
from tests.services.test_telling import objects


def left(ctx: Context, text: str | bytes, controller: str | None = "talentwerk") -> str | bytes:
    """What is left of a list, in the type that it came in."""
    data = text.encode() if isinstance(text, str) else text
    found = objectors.without_objectors(ctx, controller, data).data
    return found.decode() if isinstance(text, str) else found


@pytest.fixture
def sofie(any_ctx: Context) -> Context:
    """A kit in which a stranger, sofie@voorbeeld.test, objects to the advertising of one company."""
    objects(any_ctx, "sofie@voorbeeld.test")
    return any_ctx


def test_strangers_count_too_and_each_company_counts_its_own(sofie: Context) -> None:
    anna = Person(sofie, "anna@voorbeeld.test")
    anna.grants("offers_mail")
    anna.objects()

    counted = objectors.count(sofie, None)

    assert (counted["talentwerk"], counted["metaalnet"]) == (2, 0)
    assert objectors.count(sofie, "talentwerk") == {"talentwerk": 2}
    with pytest.raises(UnknownId):
        objectors.count(sofie, "nobody")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "commas",
            "email,naam\nsofie@voorbeeld.test,S\nbert@voorbeeld.test,B\n",
            "email,naam\nbert@voorbeeld.test,B\n",
        ),
        ("semicolons", "naam;mail\r\nS;Sofie@Voorbeeld.TEST\r\nB;b@x.test\r\n", "naam;mail\r\nB;b@x.test\r\n"),
        ("tabs", "naam\tmail\nS\tsofie@voorbeeld.test\nB\tb@x.test", "naam\tmail\nB\tb@x.test"),
        ("quotes", 'n,e\n"De ""S"", Sofie","sofie@voorbeeld.test"\n"B",b@x.test\n', 'n,e\n"B",b@x.test\n'),
        ("a name around it", 'e\n"Sofie <sofie@voorbeeld.test>"\nBert <b@x.test>\n', "e\nBert <b@x.test>\n"),
        ("blanks around it", "e\n sofie@voorbeeld.test \n b@x.test \n", "e\n b@x.test \n"),
        ("several in a cell", 'e,n\n"b@x.test; sofie@voorbeeld.test",1\nb@x.test,2\n', "e,n\nb@x.test,2\n"),
        ("a cell of two lines", 'e,n\nb@x.test,"a\nb"\nsofie@voorbeeld.test,"a\nb"\n', 'e,n\nb@x.test,"a\nb"\n'),
        ("old line ends", "e\rsofie@voorbeeld.test\rb@x.test\r", "e\rb@x.test\r"),
        ("blank lines", "e\n\nsofie@voorbeeld.test\n\nb@x.test\n", "e\n\n\nb@x.test\n"),
        ("the last line without end", "e\nb@x.test\nsofie@voorbeeld.test", "e\nb@x.test\n"),
        ("no header", "sofie@voorbeeld.test\nb@x.test\n", "b@x.test\n"),
        ("mailto", "e\nmailto:sofie@voorbeeld.test\n", "e\n"),
        ("another tag is another address", "e\nsofie+x@voorbeeld.test\n", "e\nsofie+x@voorbeeld.test\n"),
        ("odd line marks in a cell", "e,n\nb@x.test,a\u2028b\x0cc\n", "e,n\nb@x.test,a\u2028b\x0cc\n"),
        ("a stray quote in a cell", 'e,n\nb@x.test,5" pijp\nsofie@voorbeeld.test,5" pijp\n', 'e,n\nb@x.test,5" pijp\n'),
        ("another mark in the header", 'a, b;e\nx;"sofie@voorbeeld.test"\nx;b@x.test\n', "a, b;e\nx;b@x.test\n"),
        ("nothing", "", ""),
    ],
)
def test_only_the_rows_of_who_objects_go_and_all_else_stays_byte_for_byte(
    sofie: Context, name: str, before: str, after: str
) -> None:
    assert left(sofie, before) == after


def test_the_mark_against_formulas_that_our_own_export_sets_hides_nobody(any_ctx: Context) -> None:
    objects(any_ctx, "-sofie@voorbeeld.test")
    assert left(any_ctx, "email\n'-sofie@voorbeeld.test\n") == "email\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "utf-16"])
def test_a_list_in_another_encoding_is_filtered_too_and_stays_in_it(sofie: Context, encoding: str) -> None:
    before = "naam;mail\r\nZoë;zoe@x.test\r\nS;sofie@voorbeeld.test\r\nRené;rene@x.test\r\n"
    after = "naam;mail\r\nZoë;zoe@x.test\r\nRené;rene@x.test\r\n"
    assert left(sofie, before.encode(encoding)) == after.encode(encoding)


def test_the_first_cell_after_a_mark_of_the_encoding_is_read_too(sofie: Context) -> None:
    assert left(sofie, codecs.BOM_UTF8 + b"sofie@voorbeeld.test\nb@x.test\n") == b"b@x.test\n"


@pytest.mark.parametrize(
    "data", [b'e,n\nb@x.test,"open\nsofie@voorbeeld.test,1\n', b"PK\x03\x04\x00\x00", "e\nb@x".encode("utf-16")[:-1]]
)
def test_a_list_that_would_hide_who_objects_is_refused_whole(sofie: Context, data: bytes) -> None:
    with pytest.raises(NotCsv):
        left(sofie, data)


@pytest.mark.parametrize("data", [b"Telefoon;naam\n0470 12 34 56;Sofie\n", b"naam\nSofie\nBert@\n"])
def test_a_list_in_which_nobody_can_be_found_is_refused_whole(sofie: Context, data: bytes) -> None:
    with pytest.raises(NotCsv, match="no row holds a mail address"):
        left(sofie, data)


def test_rows_without_a_mail_address_stay_and_are_counted(sofie: Context) -> None:
    data = b"naam;mail\nSofie;sofie@voorbeeld.test\nAnna;\nBert;bert@voorbeeld.test\n"

    found = objectors.without_objectors(sofie, "talentwerk", data)

    assert found.data == b"naam;mail\nAnna;\nBert;bert@voorbeeld.test\n"
    assert (found.rows, found.left_out, found.no_address) == (3, 1, 1)


def test_an_objection_at_one_company_filters_the_list_of_no_other(sofie: Context) -> None:
    assert left(sofie, "e\nsofie@voorbeeld.test\n", "metaalnet") == "e\nsofie@voorbeeld.test\n"


@pytest.mark.parametrize("controller", [None, "nobody", ""])
def test_without_the_company_nothing_is_filtered(sofie: Context, controller: str | None) -> None:
    with pytest.raises((UnknownId, SeveralControllers), match="talentwerk"):
        left(sofie, "e\n", controller)


def test_where_a_parent_objects_for_a_child_the_addresses_of_both_are_left_out(any_ctx: Context) -> None:
    noor = Child(any_ctx, form=open_club(any_ctx))
    noor.allowed("recipes", child_email="noor@kind.test")
    objection.object_to_marketing(any_ctx, noor.token("object"))
    work_off(any_ctx)

    found = objectors.without_objectors(any_ctx, "demolen", f"e\n{noor.parent}\nb@x.test\n".encode())

    assert (found.data, found.left_out, found.for_child) == (b"e\nb@x.test\n", 1, 1)


def test_who_says_yes_again_is_in_the_list_again(any_ctx: Context) -> None:
    any_ctx.limited = False
    sofie = Person(any_ctx)
    sofie.grants("offers_mail")
    sofie.objects()
    sofie.mails()
    assert left(any_ctx, f"e\n{sofie.email}\n") == "e\n"
    sofie.grants("offers_mail")

    assert left(any_ctx, f"e\n{sofie.email}\n") == f"e\n{sofie.email}\n"


@ON_SQLITE
def test_ten_thousand_rows_take_seconds_and_change_nothing(any_ctx: Context) -> None:
    for number in range(0, 100, 10):
        objects(any_ctx, f"p{number}@voorbeeld.test")
    before = audit.everything(any_ctx)
    rows = [f"p{number}@voorbeeld.test,Naam {number}\n" for number in range(10_000)]

    begun = time.perf_counter()
    found = objectors.without_objectors(any_ctx, "talentwerk", "".join(["email,naam\n", *rows]).encode())

    assert time.perf_counter() - begun < 30
    assert (found.rows, found.left_out) == (10_000, 10)
    assert audit.everything(any_ctx) == before
