"""What is installed: bounds where we lean on a package's inside, and locks that agree with them and with each other."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
INSIDES = {
    "flask-mail": "configure_host",
    "flask-wtf": "FlaskForm.Meta",
    "gunicorn": "Arbiter",
    "itsdangerous": "super(URLSafeSerializerMixin",
    "ruamel-yaml": "ruamel.yaml.events",
    "sqlalchemy": "positiontup",
}
"""What app/ uses of a package without its promise to keep it."""


def requirements() -> dict[str, Requirement]:
    """What the wheel asks for, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {canonicalize_name(found.name): found for found in map(Requirement, project["dependencies"])}


def reason_beside(requirement: Requirement) -> str:
    """What pyproject.toml says behind a requirement, in the same line."""
    (line,) = re.findall(rf'(?m)^  "{re.escape(requirement.name)}\b.*$', (ROOT / "pyproject.toml").read_text("utf-8"))
    return str(line).partition("#")[2].strip()


def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """The packages of a lock: the version of each and the hashes of its files."""
    text = (ROOT / name).read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=[a-z0-9.-]+==)", text)[1:]
    return {
        part.partition("==")[0]: (
            part.partition("==")[2].split()[0],
            frozenset(re.findall(r"--hash=(\S+)", part)),
        )
        for part in parts
    }


@pytest.mark.parametrize("package", sorted(INSIDES))
def test_what_we_use_of_a_packages_inside_still_stands_in_app(package: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py")]
    assert any(INSIDES[package] in source for source in sources), f"the upper bound of {package} may go"


@pytest.mark.parametrize("package", sorted(INSIDES))
def test_a_package_whose_inside_we_use_has_an_upper_bound_and_a_reason(package: str) -> None:
    requirement = requirements()[package]
    assert [bound for bound in requirement.specifier if bound.operator == "<"], requirement
    assert reason_beside(requirement)


def test_no_other_package_has_an_upper_bound() -> None:
    bounded = {name for name, found in requirements().items() if any(b.operator != ">=" for b in found.specifier)}
    assert bounded == set(INSIDES)


def test_the_locks_hold_versions_that_the_wheel_asks_for() -> None:
    versions = {name: version for name, (version, _) in locked("requirements.lock").items()}
    assert [str(found) for name, found in requirements().items() if versions[name] not in found.specifier] == []


def test_every_locked_package_has_the_hashes_of_its_files() -> None:
    for name in ("requirements.lock", "requirements-test.lock", "tests/benchmarks/requirements.txt"):
        packages = locked(name)
        assert len(packages) > 5
        assert [package for package, (_, hashes) in packages.items() if not hashes] == []


def test_what_the_tests_add_changes_nothing_of_what_the_product_runs_on() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-test.lock").items()


def test_the_product_is_installed_without_the_tools_of_the_tests() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tools = {canonicalize_name(Requirement(tool).name) for tool in project["optional-dependencies"]["test"]}
    assert tools & set(locked("requirements.lock")) == set()
    assert tools <= set(locked("requirements-test.lock"))
