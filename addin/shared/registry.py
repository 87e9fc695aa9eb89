"""The registry of Windows, read; a stand-in takes its place on any other system. Standard library only."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, Protocol

Value = int | str | bytes


class Registry(Protocol):
    """What is used of the registry; keys are written ``HKCU\\Software\\…``, ``HKLM\\SOFTWARE\\…``."""

    def values(self, key: str) -> Mapping[str, Value]:
        """The values of a key by name ("" is the default value); none where the key can't be read."""

    def delete(self, key: str, name: str) -> None:
        """Delete a value. Raises OSError."""


class WindowsRegistry:
    """The registry of this machine, as 64-bit programs see it whatever Python this is."""

    def __init__(self) -> None:
        # Only Windows has this module.
        self._winreg: Any = importlib.import_module("winreg")

    def values(self, key: str) -> Mapping[str, Value]:
        try:
            with self._open(key, self._winreg.KEY_READ) as opened:
                _, count, _ = self._winreg.QueryInfoKey(opened)
                found = [self._winreg.EnumValue(opened, index) for index in range(count)]
        except OSError:
            return {}
        return {name: value for name, value, _ in found if isinstance(value, int | str | bytes)}

    def delete(self, key: str, name: str) -> None:
        with self._open(key, self._winreg.KEY_SET_VALUE) as opened:
            self._winreg.DeleteValue(opened, name)

    def _open(self, key: str, access: int) -> Any:
        hive, _, path = key.partition("\\")
        hives = {"HKCU": self._winreg.HKEY_CURRENT_USER, "HKLM": self._winreg.HKEY_LOCAL_MACHINE}
        return self._winreg.OpenKey(hives[hive], path, 0, access | self._winreg.KEY_WOW64_64KEY)
