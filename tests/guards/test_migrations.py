"""The migrations: numbered, in one line, and frozen. What they do to a database is shown in `tests/storage`."""

import ast
import re
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from app import paths

FROM_OUTSIDE = {"alembic", "hmac", "json", "secrets", "sqlalchemy", "unicodedata"}


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_the_migrations_are_numbered_in_one_line_with_one_head() -> None:
    line = list(reversed(list(scripts().walk_revisions())))
    assert len(scripts().get_heads()) == 1
    assert [script.revision for script in line] == [f"{number:04}" for number in range(1, len(line) + 1)]
    for script, before in zip(line, [None, *line[:-1]], strict=True):
        assert script.down_revision == (before and before.revision)
        assert re.fullmatch(rf"{script.revision}_[a-z_]+\.py", Path(script.path).name)


def test_a_migration_reads_nothing_of_the_code_that_will_change_after_it() -> None:
    for path in (paths.MIGRATIONS / "versions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = ["." * node.level + (node.module or "")]
            else:
                continue
            assert {module.partition(".")[0] for module in modules} <= FROM_OUTSIDE, path.name
