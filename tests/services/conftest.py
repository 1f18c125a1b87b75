"""Which case of an act runs on which database: rules are Python, and what stores is tested in `tests/storage/`."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_DATABASES = ("sqlite", "postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the first case of a test on both databases, and each other one on one of them in turn."""
    collected = {item.nodeid for item in items if item.path.parent == _HERE}
    cases: dict[str, int] = {}
    left_out = set()
    for item in items:
        test, bracket, case = item.nodeid.partition(f"[{_DATABASES[0]}-")
        twin = f"{test}[{_DATABASES[1]}-{case}"
        if not bracket or twin not in collected or item.get_closest_marker("every_case_on_both"):
            continue
        number = cases[test] = cases.get(test, -1) + 1
        if number:  # by pairs in turn, so that of an axis of two values neither has a database of its own
            left_out.add(twin if (number + number // 2) % 2 == 0 else item.nodeid)
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
        items[:] = [item for item in items if item.nodeid not in left_out]
