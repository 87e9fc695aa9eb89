"""A Windows for tests on any system: a registry in memory, a user's folders in a temporary one, programs that answer."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from addin.excel.windows import Windows
from addin.shared.registry import Value

OFFICE = r"HKLM\SOFTWARE\Microsoft\Office"
EXCEL_SETTINGS = r"HKCU\Software\Microsoft\Office\16.0\Excel"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
RUNNING = '"EXCEL.EXE","4711","Console","1","98,304 K"\r\n'
MACHINES = {32: 0x014C, 64: 0x8664}


class Registry:
    """The registry's values by key; as on Windows, keys are the same in capitals and small letters."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Value]] = {}
        self.is_locked = False

    def values(self, key: str) -> Mapping[str, Value]:
        return self.keys.get(key.lower(), {})

    def set(self, key: str, name: str, value: Value) -> None:
        self.keys.setdefault(key.lower(), {})[name] = value

    def delete(self, key: str, name: str) -> None:
        if self.is_locked:
            raise PermissionError(13, "Permission denied")
        del self.keys[key.lower()][name]


class Machine:
    """A user's Windows in a folder, first without any Excel."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registry = Registry()
        self.environment = {"USERPROFILE": str(folder / "user"), "APPDATA": str(folder / "user" / "Roaming")}
        self.processes = ""
        self.encoding, self.platform, self.python_home = "gbk", "win-amd64", r"C:\Python312"

    def run(self, command: Sequence[str]) -> str:
        assert command[:3] == ["tasklist", "/FI", "IMAGENAME eq EXCEL.EXE"]
        return self.processes

    @property
    def windows(self) -> Windows:
        return Windows(self.registry, self.environment, self.run, self.encoding, self.platform, self.python_home)

    def program(self, name: str, bits: int | None = 64) -> Path:
        """Make a program (its header only) below the machine's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(header(MACHINES[bits]) if bits else b"?")
        return path

    def install_excel(self, version: str = "16.0", bits: int | None = 64, software: str = OFFICE) -> Path:
        """Register an Excel as an installation of Office does."""
        program = self.program(f"Office{version[:2]}-{bits}/EXCEL.EXE", bits)
        self.registry.set(rf"{software}\{version}\Excel\InstallRoot", "Path", f"{program.parent}/")
        return program

    def install_python(self, *libraries: str) -> Path:
        """Make an environment with the libraries that xlwings brings; returns its python.exe."""
        scripts = self.folder / "project" / ".venv" / "Scripts"
        scripts.mkdir(parents=True)
        for name in ("python.exe", "pythonw.exe"):
            (scripts / name).touch()
        for name in libraries:
            (scripts.parent / name).touch()
        return scripts / "python.exe"

    def disable_addin(self, path: str = r"c:\users\zhang\appdata\roaming\microsoft\excel\xlstart\kaohe.xlam") -> None:
        """Put the add-in, and another, on the list of those that Excel doesn't load any more."""
        key = rf"{EXCEL_SETTINGS}\Resiliency\DisabledItems"
        self.registry.set(key, "5A1F3C", disabled_item(path))
        self.registry.set(key, "77B0E2", disabled_item(r"c:\other.xlam"))


class Build:
    """Stands in for ``kaohe build excel``, which runs in the environment."""

    def __init__(self, content: bytes = b"new") -> None:
        self.content = content
        self.calls: list[list[str]] = []

    def __call__(self, command: Sequence[str | Path], told: str) -> str:
        self.calls.append([str(part) for part in command])
        (Path(command[-1]) / "kaohe.xlam").write_bytes(self.content)
        return ""


def header(machine: int) -> bytes:
    """The first bytes of a program for Windows."""
    return b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine)


def disabled_item(path: str) -> bytes:
    """An entry as Excel writes it: the kind, two lengths, the path and a name."""
    texts = [f"{text}\0".encode("utf-16-le") for text in (path, "kaohe")]
    return struct.pack("<3I", 1, *map(len, texts)) + b"".join(texts)
