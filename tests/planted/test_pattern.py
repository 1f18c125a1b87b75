"""A pattern finds code by what it does: names of variables, layout and comments make no difference."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.planted.bug import Bug
from tests.planted.bugs import BUGS
from tests.planted.pattern import same
from tests.planted.plant import CannotPlant, Tree
from tests.planted.test_planted import TREE

ROOT = Path(__file__).parents[2]

_CODE = '''
"""A module."""

LEASE = timedelta(minutes=5)  # as long as it takes


def claim(connection, row, now=None):
    """Take a mail."""
    outbox.lock(connection)  # first
    if row.due <= now or row.is_held:
        raise Early
    elif row.kind == "receipt":
        log(f"a receipt for {row.kind}")
    ready = [each for each in rows(connection, now) if each.due <= now]
    send({"to": row.email, "from": SENDER}, per_day=1)
    return (
        # a comment
        not ready
    )


class Worker:
    LIMIT = 3

    def claim(self):
        self.lock(1)
'''


def _planted(tmp_path: Path, where: str, find: str, into: str) -> str:
    """The line that a bug changes, as it is with the bug in it."""
    (tmp_path / "app/mail").mkdir(parents=True)
    (tmp_path / "app/mail/claiming.py").write_text(_CODE, encoding="utf-8")
    path, text = Tree(tmp_path).plant(Bug("a bug", where, find, into, "It harms.", "tests"))
    assert path == "app/mail/claiming.py"
    compile(text, path, "exec")
    old, new = _CODE.splitlines(), text.decode().splitlines()
    return "; ".join(line.strip() for line in new if line not in old)


@pytest.mark.parametrize(
    ("where", "find", "into", "line"),
    [
        ("claiming.claim", "lock(...)", "", "pass  # first"),
        ("claiming.claim", "$row.due <= $now or ...", "False", "if False:"),
        ("claiming.claim", "if $row.due <= $now or ...: ...", "if $row.due < $now: ...", "if (row.due < now):"),
        ("claiming.claim", "raise Early", "pass", "pass"),
        ("claiming.claim", "$row.is_held", "", "if (row.due <= now):"),
        ("claiming.claim", "$row.kind == 'receipt'", "not $row.kind", "elif (not row.kind):"),
        ("claiming.claim", "f'a receipt for {$_}'", "'a receipt'", "log('a receipt')"),
        ("claiming.claim", "[$x for $x in rows(...) if ...]", "rows(...)", "ready = rows(connection, now)"),
        ("claiming.claim", "{'from': $_}", "{'from': None}", 'send({"to": row.email, "from": None}, per_day=1)'),
        ("claiming.claim", "per_day=1", "per_day=3", 'send({"to": row.email, "from": SENDER}, per_day=3)'),
        ("claiming.claim", "send(..., per_day=$n)", "send(...)", "send({'to': row.email, 'from': SENDER})"),
        ("claiming.claim", "return $answer", "return True", "True"),
        ("LEASE", "timedelta(minutes=$n)", "timedelta(hours=$n)", "LEASE = timedelta(hours=5)  # as long as it takes"),
        ("claiming.LEASE", "minutes=5", "minutes=0", "LEASE = timedelta(minutes=0)  # as long as it takes"),
        ("Worker.LIMIT", "LIMIT = 3", "LIMIT = 4", "LIMIT = 4"),
        ("Worker.claim", "lock(1)", "lock(2)", "self.lock(2)"),
        ("Worker.claim", "lock($n)", "lock($n)\nself.send($n)", "self.send(1)"),
    ],
)
def test_a_bug_changes_what_its_pattern_describes_and_nothing_else(
    tmp_path: Path, where: str, find: str, into: str, line: str
) -> None:
    assert _planted(tmp_path, where, find, into) == line


@pytest.mark.parametrize(
    ("where", "find", "problem"),
    [
        ("claim", "lock(...)", "2 definitions app.mail.claiming.claim, app.mail.claiming.Worker.claim"),
        ("claimed", "lock(...)", "0 definitions"),
        ("claiming.claim", "$row.due", "2 places line 10, line 14"),
        ("claiming.claim", "lock(...) and lock(...)", "0 places"),
    ],
)
def test_what_is_not_there_once_is_reported_with_its_places(
    tmp_path: Path, where: str, find: str, problem: str
) -> None:
    with pytest.raises(CannotPlant) as error:
        _planted(tmp_path, where, find, "")
    assert str(error.value) == f"{where} / {find}: {problem}"


def test_in_other_texts_a_blank_is_any_blanks_and_dots_are_the_rest_of_a_line(tmp_path: Path) -> None:
    (tmp_path / "templates/mail").mkdir(parents=True)
    (tmp_path / "templates/mail/page.html").write_text("<h1>\n  {{ title }}</h1>\n<p>", encoding="utf-8")
    bug = Bug("a bug", "page.html", "<h1> {{ ... }}", "<h1>{{ ... | safe }}", "It harms.", "tests")
    assert Tree(tmp_path).plant(bug) == ("templates/mail/page.html", b"<h1>{{ title | safe }}</h1>\n<p>")


def test_bugs_outlive_new_names_of_variables_a_new_layout_and_a_move_of_the_modules(tmp_path: Path) -> None:
    """Each bug makes the same of the code as before, only with the new names in it.

    It is tried with every fifth of the list, always the same ones: all would take twelve seconds of processor time.
    """
    before, after = TREE, Tree(tmp_path)
    planted = [(bug, *before.plant(bug)) for bug in BUGS[::5]]
    files = {file for bug, file, _ in planted if file.endswith(".py") and file != bug.where}
    modules = {file: ast.parse((ROOT / file).read_bytes()) for file in files}
    variables = {file: _variables(tree) for file, tree in modules.items()}
    for file, tree in modules.items():
        copy = tmp_path / "app/moved" / file.removeprefix("app/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(ast.unparse(_renamed(tree, variables[file])), encoding="utf-8")
    for bug, file, text in planted:
        if file in files:
            number = _changed_statement(modules[file], (ROOT / file).read_bytes(), text)
            wanted = _renamed(_only(ast.parse(text), number), variables[file])
            moved, other = after.plant(bug)
            assert moved == file.replace("app/", "app/moved/", 1)
            assert same(_only(ast.parse(other), number), wanted), bug.name


def _changed_statement(tree: ast.Module, before: bytes, after: bytes) -> int:
    """The number of the statement of a module, a function most often, in which two texts of it begin to differ."""
    lines = zip(before.splitlines(), after.splitlines(), strict=False)
    line = next(number for number, (old, new) in enumerate(lines, 1) if old != new)
    return max(number for number, statement in enumerate(tree.body) if statement.lineno <= line)


def _only(tree: ast.Module, number: int) -> ast.Module:
    return ast.Module([tree.body[number]], [])


def _variables(tree: ast.Module) -> Mapping[str, set[str]]:
    """The names of the variables and arguments in each function, by the name of the function."""
    return {name: _names(function) - {"self", "cls"} for name, function in _functions(tree, "")}


def _functions(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{name}.{child.name}")
        elif isinstance(child, ast.FunctionDef):
            yield f"{name}.{child.name}", child


def _names(function: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                names.add(name)
    return names


def _renamed(tree: ast.Module, variables: Mapping[str, set[str]]) -> ast.Module:
    """A module with other names for the variables of its functions."""
    for function, node in _functions(tree, ""):
        names = variables[function]
        for inner in ast.walk(node):
            match inner:
                case ast.Name(id=name) if name in names:
                    inner.id = f"another_{name}"
                case ast.arg(arg=name) if name in names:
                    inner.arg = f"another_{name}"
                case ast.ExceptHandler(name=str(name)):
                    inner.name = f"another_{name}"
    return tree
