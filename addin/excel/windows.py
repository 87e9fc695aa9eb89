"""What the installation of the Excel add-in sees of Windows: registry, folders, programs. Standard library only.

Everything that asks Windows takes a ``Windows``, so that each step can be tried on any system with a stand-in.
"""

from __future__ import annotations

import locale
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from addin.excel import ADDIN
from addin.portable.windowsrights import MARK
from addin.shared.registry import Registry, Value, WindowsRegistry

SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
_SECONDS = 30


def run_program(command: Sequence[str]) -> str:
    """What a program of Windows prints; nothing if it can't run."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, encoding="ascii", errors="replace",
            check=False, timeout=_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


@dataclass(frozen=True)
class Windows:
    """One user's Windows, and the Python that runs in it."""

    registry: Registry
    environment: Mapping[str, str]
    run: Callable[[Sequence[str]], str]
    encoding: str
    """The system's code page: what programs that are older than Unicode, and VBA, write paths in."""

    platform: str
    """``win-amd64``, ``win32`` or ``win-arm64``: what this Python was built for."""

    python_home: str
    """Where this Python is installed."""

    @property
    def home(self) -> Path:
        return Path(self.environment.get("USERPROFILE") or Path.home())

    @property
    def documents(self) -> Path:
        """The user's documents, which OneDrive or somebody may have moved."""
        place = self.text(SHELL_FOLDERS, "Personal")
        place = re.sub("%([^%]+)%", lambda found: self.environment.get(found[1].upper(), found[0]), place)
        return Path(place) if place else self.home / "Documents"

    @property
    def excel_folder(self) -> Path:
        """Where Excel keeps this user's files."""
        roaming = self.environment.get("APPDATA")
        return (Path(roaming) if roaming else self.home / "AppData" / "Roaming") / "Microsoft" / "Excel"

    @property
    def addin(self) -> Path:
        """Where the add-in belongs: Excel opens what lies in this folder, and trusts it."""
        return self.excel_folder / "XLSTART" / ADDIN

    @property
    def is_store_python(self) -> bool:
        """Whether this Python is an app of the Microsoft Store: what it writes to AppData no other program sees."""
        return "windowsapps" in self.python_home.lower()

    def value(self, key: str, name: str = "") -> Value | None:
        """A value of the registry; names are the same in capitals and small letters."""
        values = self.registry.values(key)
        return next((value for known, value in values.items() if known.lower() == name.lower()), None)

    def text(self, key: str, name: str = "") -> str:
        """A value that should be a text; an empty one if it isn't there or is something else."""
        value = self.value(key, name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, key: str, name: str) -> int | None:
        """A value that should be a number; policies write some as texts."""
        value = self.value(key, name)
        if isinstance(value, str):
            return int(value) if value.strip().isdecimal() else None
        return value if isinstance(value, int) else None

    def can_hold(self, path: Path | str) -> bool:
        """Whether the system's code page has every character of a path."""
        try:
            str(path).encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True


def this_windows() -> Windows:
    """The Windows that runs this. Raises ImportError on another system."""
    return Windows(
        WindowsRegistry(), os.environ, run_program, locale.getencoding(), sysconfig.get_platform(), sys.base_prefix
    )


def is_marked(path: Path) -> bool:
    """Whether Windows takes a file for one from the internet; Excel then refuses its macros."""
    try:
        with open(f"{path}:{MARK}", "rb"):
            return True
    except OSError:
        return False


def unmark(path: Path) -> None:
    """Tell Windows that a file is ours; file systems without streams can't mark one. Raises OSError."""
    if is_marked(path):
        os.remove(f"{path}:{MARK}")
