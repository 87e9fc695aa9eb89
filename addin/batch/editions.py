"""Whether a workbook's scheme is what the scheme of that name says today."""

from __future__ import annotations

from addin.batch.work import Done
from addin.shared.schemes import load
from workbook_templates.scheme.errors import SchemeError

CURRENT, OTHER = "现在的", "与现在的不同"


class Editions:
    """Reads each scheme once."""

    def __init__(self) -> None:
        self._versions: dict[str, str] = {}

    def told(self, done: Done) -> str:
        """Nothing where there is no scheme to compare with."""
        if not done.scheme or not (version := self._version(done.scheme)):
            return ""
        return CURRENT if done.version == version else OTHER

    def _version(self, slug: str) -> str:
        if slug not in self._versions:
            try:
                self._versions[slug] = load(slug).version
            except SchemeError:
                self._versions[slug] = ""
        return self._versions[slug]
