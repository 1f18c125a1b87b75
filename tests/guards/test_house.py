"""The agreements of the house that no linter knows: what a module opens with, who reads what, which templates live."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from jinja2 import nodes

from app import paths
from app.services.mail_kinds import KINDS
from tests.guards.source import ROOT, calls, modules, names_of_templates, parsed, templates, walked

OURS = ("app", "templates", "translations", "static", "docs", "tests", ".ci")
TEXTS = (".py", ".html", ".txt", ".jinja", ".css", ".js", ".po", ".yaml", ".md", ".toml")
PARTS = ("mail/parts.txt", "mail/parts.html")
LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:", re.IGNORECASE)


@cache
def rendered() -> frozenset[str]:
    """The templates that a module asks for by name. What fills a gap in a name must stand in that module too."""
    found = set()
    for _, tree in modules():
        nodes_in = walked(tree)
        texts = {node.value for node in nodes_in if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        known = texts | {node.name for node in nodes_in if isinstance(node, ast.FunctionDef)}
        found |= texts & set(templates())
        for node in nodes_in:
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                asked = re.compile("".join("(.+?)" if part is None else re.escape(str(part)) for part in parts))
                matches = [match for name in templates() if (match := asked.fullmatch(name))]
                found |= {match[0] for match in matches if known.issuperset(match.groups())}
    return frozenset(found)


@cache
def taken_from(template: nodes.Template) -> tuple[tuple[str, list[str]], ...]:
    """The templates that a template builds on, and the macros that it takes from each."""
    return tuple(_taken_from(template))


def _taken_from(template: nodes.Template) -> Iterator[tuple[str, list[str]]]:
    for node in template.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        macros = [name[0] if isinstance(name, tuple) else name for name in getattr(node, "names", ())]
        if isinstance(node, nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport):
            for name in [node.template, *node.template.find_all(nodes.Const)]:
                if isinstance(name, nodes.Const):
                    yield str(name.value), macros


def reads_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "os"
    return isinstance(node, ast.Attribute) and re.fullmatch(r"os\.(environb?|getenvb?)", ast.unparse(node)) is not None


@cache
def called_in(template: nodes.Template) -> set[str]:
    return {call.node.name for call in template.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}


def test_the_package_can_be_entered_on_any_floor() -> None:
    tree = parsed("app/__init__.py")
    assert not [node for node in walked(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def test_every_module_says_what_it_is_for() -> None:
    code = [path for folder in ("app", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert [path for path in code if not re.match(r'"""\S', path.read_text(encoding="utf-8"))] == []


def test_nothing_is_put_off_in_a_comment() -> None:
    files = [path for folder in OURS for path in sorted((ROOT / folder).rglob("*")) if path.suffix in TEXTS]
    files += [path for path in sorted(ROOT.iterdir()) if path.suffix in TEXTS or path.name == "Makefile"]
    assert [path for path in files if LATER.search(path.read_text(encoding="utf-8"))] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = {name for name, tree in modules() if any(reads_environment(node) for node in walked(tree))}
    # The server hands its environment on to the worker that it starts.
    assert readers == {"app/config.py", "app/server.py"}


def test_only_the_demo_prints() -> None:
    printing = {
        name for name, tree in modules() for call in calls(tree) if getattr(call.func, "id", "") in ("print", "pprint")
    }
    assert printing == {"app/demo/__init__.py"}


def test_a_value_that_a_template_lacks_is_an_error_everywhere() -> None:
    for name, tree in modules():
        for call in calls(tree):
            made = getattr(call.func, "id", "")
            if made == "Flask":
                assert "app.jinja_env.undefined = StrictUndefined" in ast.unparse(tree), name
            elif made == "Environment":
                assert "undefined=StrictUndefined" in ast.unparse(call), name


def test_only_a_layout_is_a_whole_document_and_every_page_extends_one() -> None:
    whole = {name for name in templates() if "<!doctype" in (paths.TEMPLATES / name).read_text(encoding="utf-8")}
    assert whole == {"layouts/base.html", "mail/parts.html", "demo/site.html", "demo/tool.html"}
    asked_for = [name for name in rendered() if name.endswith(".html") and name not in PARTS]
    assert asked_for
    assert [name for name in asked_for if templates()[name].find(nodes.Extends) is None] == []


def test_every_mail_is_one_template_for_its_subject_its_text_and_its_html() -> None:
    mails = {f"mail/{kind}.jinja" for kind in KINDS}
    assert {name for name in templates() if name.startswith("mail/")} == mails | {"mail/layout.jinja", *PARTS}
    for mail in mails:
        assert [taken for taken, _ in taken_from(templates()[mail])] == ["mail/layout.jinja"]
        assert {"subject", "main"} <= {block.name for block in templates()[mail].find_all(nodes.Block)}


def test_text_and_html_of_mails_have_the_same_macros_with_the_same_parameters() -> None:
    text, html = (
        {macro.name: [argument.name for argument in macro.args] for macro in templates()[part].find_all(nodes.Macro)}
        for part in PARTS
    )
    assert {name: html[name] for name in text} == text
    in_the_mails = {name for mail in templates() if mail.endswith(".jinja") for name in called_in(templates()[mail])}
    assert html.keys() & in_the_mails <= text.keys()


@pytest.mark.parametrize("name", [name for name in names_of_templates() if not name.startswith("mail/")])
def test_a_page_brings_no_style_and_no_script_of_its_own(name: str) -> None:
    assert INLINE.findall((paths.TEMPLATES / name).read_text(encoding="utf-8")) == []


def test_every_template_is_used() -> None:
    taken = {name for template in templates().values() for name, _ in taken_from(template)}
    taken |= {f"mail/{kind}.jinja" for kind in KINDS}
    assert [name for name in templates() if name not in taken | rendered()] == []


def test_every_macro_is_used() -> None:
    unused = []
    in_mails = {
        macro for name, template in templates().items() if name.startswith("mail/") for macro in called_in(template)
    }
    for name, template in templates().items():
        used = called_in(template) | (in_mails if name in PARTS else set())
        for other in templates().values():
            for taken, macros in taken_from(other):
                if taken == name:
                    used |= set(macros) or called_in(other)  # what extends a layout sees its macros
        unused += [(name, macro.name) for macro in template.find_all(nodes.Macro) if macro.name not in used]
    assert unused == []


def test_no_macro_is_taken_in_vain() -> None:
    vain = []
    for name, template in templates().items():
        for node in template.find_all(nodes.FromImport):
            here = {taken[1] if isinstance(taken, tuple) else taken for taken in node.names}
            vain += [(name, macro) for macro in here - called_in(template)]
    assert vain == []
