"""Counts the instructions of a part of a program with callgrind, switched on and off by the program itself.

The program asks valgrind for it with the instruction sequence that valgrind.h defines (a client request). That needs
no compiler and no debugger's permission, and counts every thread but nothing of the asking.
"""

import ctypes
import mmap
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# mov rax, rdi; xor edx, edx; rol rdi, 3; rol rdi, 13; rol rdi, 61; rol rdi, 51; xchg rbx, rbx; mov rax, rdx; ret
_CODE = bytes.fromhex("4889f8 31d2 48c1c703 48c1c70d 48c1c73d 48c1c733 4887db 4889d0 c3")
_CALLGRIND = ord("C") << 24 | ord("T") << 16
_ZERO, _DUMP_AT, _START = _CALLGRIND + 1, _CALLGRIND + 3, _CALLGRIND + 4
_RUNNING_ON_VALGRIND = 0x1001


def missing() -> str:
    """What this machine lacks to count instructions; empty where it lacks nothing."""
    if platform.machine() != "x86_64" or sys.platform != "linux":
        return "it counts on Linux x86_64 alone"
    return "" if shutil.which("valgrind") else "valgrind is not installed (Debian: apt-get install valgrind)"


class Counter:
    """Counts within a process that callgrind runs."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        self._memory.write(_CODE)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        self._call = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)(address)
        if not self._request(_RUNNING_ON_VALGRIND):
            raise SystemExit("this program counts nothing unless callgrind runs it")

    def begin(self) -> None:
        """Run under callgrind from here on, which takes six times as long. Once on it stays on: its sums need that."""
        self._request(_START)

    @contextmanager
    def counting(self, name: str, times: int) -> Iterator[None]:
        """Count what happens in this block, as so many times `name`."""
        text = ctypes.create_string_buffer(f"{times} × {name}".encode())
        self._request(_ZERO)
        yield
        self._request(_DUMP_AT, ctypes.addressof(text))

    def _request(self, number: int, argument: int = 0) -> int:
        return int(self._call(ctypes.byref((ctypes.c_uint64 * 6)(number, argument))))


def counted(arguments: list[str], folder: Path, environ: dict[str, str]) -> dict[str, int]:
    """Run a Python program that uses a `Counter`, and return how many instructions each thing took that it counted.

    Raises:
        SystemExit: when the program failed.
    """
    out = folder / "callgrind.out"
    valgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}", "-q"]
    # Hashes of text decide how dictionaries collide, and so how long a look-up takes.
    environ = environ | {"PYTHONHASHSEED": "0", "PATH": os.environ["PATH"]}
    done = subprocess.run([*valgrind, sys.executable, *arguments], env=environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}"[-4000:])
    found = {}
    for path in sorted(folder.glob("callgrind.out.*"), key=lambda path: int(path.suffix[1:])):
        text = path.read_text(encoding="utf-8")
        # Not `totals`, which adds the calls of threads that have ended meanwhile.
        if part := re.search(r"Client Request: (\d+) × (.+)\n(?:.*\n)*?summary: (\d+)", text):
            found[part[2]] = round(int(part[3]) / int(part[1]))
    return found
