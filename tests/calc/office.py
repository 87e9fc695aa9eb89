"""LibreOffice with the extension, driven from the tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from addin.shared.libreoffice import Installation, find
from tests.support import PROJECT, path_for_libreoffice

DRIVER = Path(__file__).parent / "driver.py"
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{}
</oor:items>
"""
ITEM = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
ALWAYS = 0
"""Formulas are computed when a file is opened, whatever values it holds."""


class Office:
    """A LibreOffice of its own; methods are those of the driver."""

    def __init__(
        self, folder: Path, extension: Path | None, recalculate: int | None = None, locale: str = "zh-CN",
        headless: bool = True, environment: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        installation = find()[0]
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        items = [
            ("Office.Linguistic/General", "UILocale", locale),
            ("Setup/L10N", "ooSetupSystemLocale", locale),
            ("Office.Common/Misc", "FirstRun", "false"),
            ("Office.Common/Misc", "ShowTipOfTheDay", "false"),
            ("Setup/Product", "ooSetupLastVersion", "100.0"),
        ]
        if recalculate is not None:
            items += [("Office.Calc/Formula/Load", f"{kind}RecalcMode", str(recalculate)) for kind in ("OOXML", "ODF")]
        settings = SETTINGS.format("\n".join(ITEM.format(*item) for item in items))
        (profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
        path = path_for_libreoffice(os.environ["PATH"])
        self._environment = {**os.environ, "PATH": path, "XDG_DATA_HOME": str(folder / "home"), **(environment or {})}
        if extension is not None:
            installation.add(extension, profile)
        self._process = subprocess.Popen(
            [office_python(installation), DRIVER, profile, "headless" if headless else "window"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=self._environment,
        )  # fmt: skip
        self._answer()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*arguments: Any, **options: Any) -> Any:
            assert self._process.stdin is not None
            given = [str(each) if isinstance(each, Path) else each for each in arguments]
            self._process.stdin.write(json.dumps([name, given, options]) + "\n")
            self._process.stdin.flush()
            answer = self._answer()
            if "error" in answer:
                raise RuntimeError(answer["error"])
            return answer["result"]

        return call

    def _answer(self) -> Any:
        assert self._process.stdout is not None and self._process.stderr is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the driver has ended: {self._process.stderr.read()[-2000:]}")
        return json.loads(line)

    def end(self) -> int | None:
        """LibreOffice's exit code, None if it had to be killed."""
        code: int | None = self.quit()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()
        self._process.wait(30)
        return code


def office_python(installation: Installation) -> str:
    """A Python that has ``uno``: LibreOffice's own, or the system's."""
    candidates: list[Path | str | None] = [installation.python, "/usr/bin/python3", shutil.which("python3"), sys.executable]
    for python in filter(None, candidates):
        if subprocess.run([python, "-c", "import uno"], capture_output=True, cwd=PROJECT, check=False).returncode == 0:
            return str(python)
    raise RuntimeError("no Python with uno")
