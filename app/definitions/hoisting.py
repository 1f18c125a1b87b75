"""Takes the rows that are alike in every purpose out of the purposes: a page tells them once (GDPR art. 12(1))."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ..domain.notice import NoticePurpose, NoticeRow


def hoisted(
    purposes: Sequence[NoticePurpose], labels: Collection[str]
) -> tuple[tuple[NoticePurpose, ...], tuple[NoticeRow, ...]]:
    """The purposes without some rows, and these: what stands under the labels and is alike wherever it stands."""
    said: dict[str, set[NoticeRow]] = {}
    for purpose in purposes:
        for row in purpose.rows:
            if row[0] in labels:
                said.setdefault(row[0], set()).add(row)
    alike = tuple(row for rows in said.values() if len(rows) == 1 for row in rows)
    rest = (replace(purpose, rows=tuple(row for row in purpose.rows if row not in alike)) for purpose in purposes)
    return tuple(rest), alike
