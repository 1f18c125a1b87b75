"""All bugs that `make planted` plants, one at a time."""

from tests.planted import (
    in_the_acts,
    in_the_books,
    in_the_front,
    in_the_mail,
    in_the_pages,
    in_the_rules,
    in_the_way_in,
)

BUGS = (
    *in_the_rules.BUGS,
    *in_the_books.BUGS,
    *in_the_acts.BUGS,
    *in_the_way_in.BUGS,
    *in_the_mail.BUGS,
    *in_the_pages.BUGS,
    *in_the_front.BUGS,
)
