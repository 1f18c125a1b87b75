"""A Postfix of its own: its own configuration, queue and log, one port of 127.0.0.1, and one server to relay to."""

import re
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

from tests.delivery.sink import until

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mail.akkoord.test
mydestination =
alias_maps =
local_recipient_maps =
relayhost = [127.0.0.1]:{relay}
{set_up}
"""

_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Use it as a context manager, as root. `set_up` are the lines of main.cf that a test is about."""

    def __init__(self, folder: Path, port: int, relay: int, set_up: str) -> None:
        self._folder, self._port, self._relay, self._first = folder, port, relay, set_up
        self._log = folder / "log"

    def __enter__(self) -> "Postfix":
        self._folder.parent.chmod(0o755)  # for the user that Postfix works as
        for name in ("etc", "queue", "data"):
            (self._folder / name).mkdir(parents=True)
        shutil.chown(self._folder / "data", "postfix")
        services = _SERVICES.format(port=self._port)
        (self._folder / "etc" / "master.cf").write_text(services, encoding="ascii")
        self._write(self._first)
        self._postfix("start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._postfix("stop")

    def set_up(self, lines: str) -> None:
        """Put other lines into main.cf, and let Postfix read it again."""
        self._write(lines)
        self._postfix("reload")
        until(lambda: "reload -- version" in self._log.read_text(encoding="utf-8"), "the reload")

    def refusals(self) -> int:
        """How many commands it has refused."""
        return len(re.findall(r"NOQUEUE: reject", self._log.read_text(encoding="utf-8")))

    def connections(self) -> int:
        """How many clients have connected."""
        return len(re.findall(r"smtpd\[\d+\]: connect from", self._log.read_text(encoding="utf-8")))

    def _write(self, lines: str) -> None:
        text = _MAIN.format(folder=self._folder, relay=self._relay, set_up=lines)
        (self._folder / "etc" / "main.cf").write_text(text, encoding="ascii")

    def _postfix(self, command: str) -> None:
        done = subprocess.run(
            [str(shutil.which("postfix")), "-c", str(self._folder / "etc"), command],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"postfix {command}: {done.stderr}"
