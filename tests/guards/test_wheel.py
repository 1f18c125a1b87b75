"""What a stranger installs: the wheel, built from the source distribution, beside their own `app.py`."""

import ast
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import venv
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

import html5lib
import pytest

from tests.guards.source import modules, walked

ROOT = Path(__file__).parents[2]
FORM = "/f/hogeschool/graduates?lang=nl"
# All that the stranger's shell hands over: the worst case for the import path, and no setting of ours.
ENV = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "."}
TRAVELS_AS = {
    "app": "akkoord",
    "templates": "akkoord/templates",
    "translations": "akkoord/translations",
    "static": "akkoord/static",
}


class Answer(NamedTuple):
    """What a server said to one GET."""

    status: int
    content_type: str
    body: bytes


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a command to its end and give what it printed; a failure shows all of that."""
    done = subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fetch(url: str) -> Answer:
    """GET a loopback address. Raises OSError while nothing listens there."""
    address = urlsplit(url)
    with closing(HTTPConnection(address.netloc, timeout=10)) as connection:
        connection.request("GET", f"{address.path}?{address.query}")
        response = connection.getresponse()
        return Answer(response.status, response.getheader("Content-Type", ""), response.read())


def files_below(folder: str) -> Iterator[str]:
    """The files of one folder of this checkout as paths inside that folder, without what Python caches."""
    for path in (ROOT / folder).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT / folder).as_posix()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and with the wheel that was built from it and nothing else."""
    # `build` unpacks the source distribution elsewhere and builds the wheel there. No isolation: no network.
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("akkoord-*.whl")
    return wheel


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that has the wheel, and the dependencies of the environment the tests run in."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # A path file brings the dependencies without a network. Path files inside those folders are not followed,
    # so the checkout itself stays out of reach.
    dependencies = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    (packages / "dependencies.pth").write_text("\n".join(dependencies))
    pip = [sys.executable, "-m", "pip", "--python", str(folder)]
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=folder)
    run(*pip, "check", cwd=folder)
    return folder


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """The folder of someone whose own application is called app.py."""
    (tmp_path / "app.py").write_text("raise RuntimeError('not the app that you meant')\n")
    return tmp_path


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert inside == {f"{to}/{name}" for folder, to in TRAVELS_AS.items() for name in files_below(folder)}


def test_the_source_distribution_holds_what_builds_and_tests_it(built: Path) -> None:
    (archive,) = built.glob("akkoord-*.tar.gz")
    with tarfile.open(archive) as opened:
        inside = {name.partition("/")[2] for name in opened.getnames()}
    needed = {f"{folder}/{name}" for folder in [*TRAVELS_AS, "docs", "tests"] for name in files_below(folder)}
    tools = {
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "pyproject.toml",
        "requirements.lock",
        "requirements-test.lock",
        "Makefile",
        ".ci/run",
        "README.md",
        "LICENSE",
    }
    assert needed | tools <= inside


def test_no_module_names_the_folder_that_the_wheel_renames() -> None:
    named = []
    for path, tree in modules():
        for node in walked(tree):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported = [node.module or ""]
            else:
                continue
            named += [f"{path}:{node.lineno}" for module in imported if module.split(".")[0] == "app"]
    assert named == [], "import these relatively"


def test_the_command_runs_beside_a_strangers_app(environment: Path, stranger: Path) -> None:
    trap = subprocess.run(
        [environment / "bin" / "python", "-c", "import app"],
        cwd=stranger,
        env=ENV,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "not the app that you meant" in trap.stderr
    assert "demo" in run(environment / "bin" / "akkoord", "--help", cwd=stranger, env=ENV)


def test_the_demo_of_the_wheel_serves_pages_and_styles(environment: Path, stranger: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = stranger / "demo.log"
    with log.open("w") as output:
        demo = subprocess.Popen(
            [environment / "bin" / "akkoord", "demo", "--port", str(port)],
            cwd=stranger,
            env=ENV,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}{FORM}"
        page = once_it_answers(address, demo, log)
        assert (page.status, page.content_type) == (200, "text/html; charset=utf-8"), log.read_text()
        document = html5lib.parse(page.body, namespaceHTMLElements=False)
        assert document.find(".//form") is not None
        sheets = [urljoin(address, link.get("href", "")) for link in document.iterfind(".//link[@rel='stylesheet']")]
        assert sheets
        for sheet in sheets:
            style = fetch(sheet)
            assert (style.status, style.content_type) == (200, "text/css; charset=utf-8"), sheet
            assert style.body
    finally:
        demo.terminate()
        try:
            demo.wait(10)
        except subprocess.TimeoutExpired:
            demo.kill()
            raise


def once_it_answers(address: str, server: "subprocess.Popen[bytes]", log: Path) -> Answer:
    """GET an address of a server that is still starting, for at most 30 seconds."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return fetch(address)
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"no answer from {address}\n{log.read_text()}")
