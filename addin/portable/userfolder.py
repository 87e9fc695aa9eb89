"""Where this user's settings of KAOHE are kept; also asked inside LibreOffice, in its own Python (3.8 or newer)."""

from __future__ import annotations

import os
from pathlib import Path

SETTINGS = "kaohe.json"
"""Written by the installation: which interpreter runs KAOHE."""


def user_folder() -> Path:
    """The folder of the settings, and of the environment if the project's own folder is read-only."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or _home() / "AppData" / "Local") / "kaohe"
    return Path(os.environ.get("XDG_DATA_HOME") or _home() / ".local" / "share") / "kaohe"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        # A user whom the system doesn't know, as services have some: containers give them this one, in which nothing can be written.
        return Path(os.sep)
