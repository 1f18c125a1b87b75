"""What keeps lines from breaking where nobody should."""

import pytest

from app.domain.line_breaks import in_one_piece, with_no_break_characters

PHONES = ("02 123 45 67", "+32 9 123 45 67")
PIECES = (
    "e-mailadres",
    "E-mail",
    "2 jaar",
    "9000 Gent",
    "14.32 uur",
    "21 november 2026",
    "1er décembre 2026",
)


@pytest.mark.parametrize("piece", PIECES + PHONES)
def test_a_line_of_a_page_never_breaks_in_a_date_a_number_or_the_word_e_mail(piece: str) -> None:
    assert in_one_piece(f"<p>Zo: {piece}.</p>") == f'<p>Zo: <span class="whole">{piece}</span>.</p>'


@pytest.mark.parametrize("piece", PIECES)
def test_a_mail_has_no_place_there_for_a_line_to_break(piece: str) -> None:
    said = piece.replace(" ", "\u00a0").replace("-", "\u2011")
    assert with_no_break_characters(f"<h1>{piece}</h1><p>({piece})</p>") == f"<h1>{piece}</h1><p>({said})</p>"
    assert with_no_break_characters(piece) == said


@pytest.mark.parametrize("phone", PHONES)
def test_a_telephone_number_in_a_mail_is_copied_as_it_was_typed(phone: str) -> None:
    assert with_no_break_characters(f"<h1>1</h1><p>{phone}</p>") == f"<h1>1</h1><p>{phone}</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<title>2 jaar per e-mail</title>",
        '<a title="per e-mail" href="https://www.example/e-mail?2=3">',
        "<textarea>Na 2 jaar per e-mail</textarea>",
        "<option>2 jaar</option>",
        '<span translate="no">2 jaar per e-mail</span>',  # typed, or a name
        "<p>e-mail@voorbeeld.test, BE 0123.456.789</p>",
        "<p>12345678901234567890 12345678901234567890</p>",
        "<p>af15d1918e277c 2e-mail</p>",
    ],
)
def test_what_is_no_text_of_a_page_stays_as_it_is(html: str) -> None:
    assert in_one_piece(html) == html
