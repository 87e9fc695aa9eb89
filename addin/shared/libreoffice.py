"""The LibreOffice programs of this machine, and their extensions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from addin.shared.exits import reason
from addin.shared.registry import Registry, WindowsRegistry

WINDOWS_KEYS = tuple(
    rf"{software}\LibreOffice\UNO\InstallPath"
    for software in (r"HKCU\Software", r"HKLM\SOFTWARE", r"HKLM\SOFTWARE\Wow6432Node")
)
"""Where its installer notes the folder of the programs, which the user may have chosen."""
WINDOWS_FOLDERS = ("ProgramFiles", "ProgramFiles(x86)", "ProgramW6432")
MAC_FOLDERS = ("/Applications", "~/Applications")
LINUX_FOLDERS = (
    "/usr/lib/libreoffice",
    "/usr/lib64/libreoffice",
    "/usr/local/lib/libreoffice",
    "/opt",
    "/snap/libreoffice/current/lib",
)
_SECONDS = 180
_VERSION = re.compile(r"Version:\s*(\S+)")
_RUNNING = re.compile(r"another instance|already running|lock", re.IGNORECASE)
_LOCK = re.compile(r"^\s*(\S.*\.lock)\s*$", re.MULTILINE)
"""What a LibreOffice leaves that did not end by itself; unopkg names it, and refuses to start beside it."""


class ExtensionError(Exception):
    """Why an extension could not be added or removed; the message (Chinese) says what can be done."""


@dataclass(frozen=True)
class Installation:
    """One LibreOffice, by the folder of its programs."""

    programs: Path

    @property
    def unopkg(self) -> Path:
        """The program that manages extensions."""
        return self.programs / ("unopkg.com" if os.name == "nt" else "unopkg")

    @property
    def soffice(self) -> Path:
        return self.programs / ("soffice.exe" if os.name == "nt" else "soffice")

    @property
    def python(self) -> Path | None:
        """The Python that LibreOffice brings along, where it does."""
        names = ("python.exe", "python", "../Resources/python")
        return next((self.programs / name for name in names if (self.programs / name).is_file()), None)

    def version(self, identifier: str, profile: Path | None = None) -> str | None:
        """The version of an extension that this user has, None if he has none."""
        return _version(self._run("list", profile=profile), identifier)

    def shared_version(self, identifier: str, profile: Path | None = None) -> str | None:
        """The version that an administrator has added for all users, beside which nobody can have his own; None for root, who has
        no other than these."""
        return None if _is_root() else _version(self._run("list", "--shared", profile=profile), identifier)

    def add(self, extension: Path, profile: Path | None = None) -> None:
        """Add an extension, or replace the one that is there."""
        self._run("add", "--force", "--suppress-license", str(extension), profile=profile)

    def remove(self, identifier: str, profile: Path | None = None) -> None:
        self._run("remove", identifier, profile=profile)

    def _run(self, verb: str, *arguments: str, profile: Path | None) -> str:
        command = [str(self.unopkg), verb, *arguments]
        if _is_root():
            # LibreOffice doesn't let root have extensions of its own.
            command.insert(2, "--shared")
        if profile is not None:
            url = profile.as_uri()
            command += [f"-env:UserInstallation={url}", f"-env:UNO_SHARED_PACKAGES_CACHE={url}/shared"]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
                check=False, timeout=_SECONDS, env=environment(),
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ExtensionError(failure(self.unopkg, error)) from error
        printed = done.stdout + done.stderr
        if done.returncode:
            if _RUNNING.search(printed):
                left = _LOCK.search(printed)
                otherwise = f"；如果没有在运行，是上次没有正常退出，请删除 {left[1]}" if left else ""
                raise ExtensionError(f"LibreOffice 正在运行；请关闭它的全部窗口（包括快速启动），再重试{otherwise}")
            raise ExtensionError(f"{command[0]} {verb} 失败：{printed.strip()[-400:]}")
        return printed


def _version(listed: str, identifier: str) -> str | None:
    """Of an extension among those that unopkg lists."""
    found = _VERSION.search(listed.partition(f"Identifier: {identifier}")[2])
    return found[1] if found else None


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def failure(program: Path, error: OSError | subprocess.TimeoutExpired) -> str:
    """Why a program gave no answer."""
    if isinstance(error, subprocess.TimeoutExpired):
        return f"{program} 过了 {error.timeout:.0f} 秒还没有做完，已停止"
    return f"无法运行 {program}：{reason(error)}"


def find(
    environment: Mapping[str, str] = os.environ, system: str = sys.platform, registry: Registry | None = None
) -> list[Installation]:
    """Every LibreOffice that is registered or found where it is usually installed; the one on the path comes first."""
    if registry is None and environment is os.environ and os.name == "nt":
        registry = WindowsRegistry()
    folders = _folders(environment, system, registry)
    found = dict.fromkeys(folder.resolve() for folder in folders if _is_complete(folder))
    return [Installation(folder) for folder in found]


def _is_complete(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("unopkg", "unopkg.com"))


def _folders(environment: Mapping[str, str], system: str, registry: Registry | None) -> Iterator[Path]:
    on_path = shutil.which("soffice", path=environment.get("PATH", ""))
    if on_path:
        yield Path(on_path).resolve().parent
    if system == "win32":
        if registry is not None:
            places = (registry.values(key).get("") for key in WINDOWS_KEYS)
            yield from (Path(place) for place in places if isinstance(place, str))
        for name in WINDOWS_FOLDERS:
            if name in environment:
                yield from _below(Path(environment[name]), "LibreOffice*/program")
    elif system == "darwin":
        for name in MAC_FOLDERS:
            yield from _below(Path(name).expanduser(), "LibreOffice*.app/Contents/MacOS")
    else:
        for name in LINUX_FOLDERS:
            yield from _below(Path(name), "program")
            yield from _below(Path(name), "libreoffice*/program")


def _below(folder: Path, pattern: str) -> Iterable[Path]:
    return sorted(folder.glob(pattern), reverse=True) if folder.is_dir() else ()


def environment() -> dict[str, str]:
    """Ours without what belongs to this Python: LibreOffice starts its own."""
    return {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }
