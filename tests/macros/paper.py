"""Documents rendered by LibreOffice, and what is measured on their pages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader

from workbook_templates.workbook.sheets.page import display_width

# What stands for Windows' fonts, with their widths, where they are not: else LibreOffice takes much wider ones.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>Arial</family><prefer>
<family>Arial</family><family>Liberation Sans</family><family>Noto Sans CJK SC</family></prefer></alias>
<alias binding="same"><family>宋体</family><prefer><family>SimSun</family><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>黑体</family><prefer><family>SimHei</family><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>"""


BATCH = 100


@dataclass(frozen=True)
class Run:
    """A piece of text on a page: its place in points from the left and the bottom, and its size."""

    text: str
    x: float
    y: float
    size: float

    @property
    def width(self) -> float:
        """At least."""
        return sum(1.0 if display_width(char) == 2 else 0.3 for char in self.text) * self.size


@dataclass(frozen=True)
class Sheet:
    """A page as printed."""

    runs: tuple[Run, ...]
    width: float
    height: float

    @property
    def text(self) -> str:
        return "".join("".join(run.text.split()) for run in self.runs)

    def overprinted(self) -> Iterator[tuple[Run, Run]]:
        """Texts that run into each other: one of them is cut on paper."""
        runs = sorted(self.runs, key=lambda run: -run.y)
        for place, one in enumerate(runs):
            for other in runs[place + 1 :]:
                if one.y - other.y >= 0.75 * one.size:
                    break
                left, right = sorted((one, other), key=lambda run: run.x)
                across = left.x + left.width - right.x
                if across > 1 and abs(one.y - other.y) < 0.75 * min(one.size, other.size) and left.x < right.x:
                    yield one, other


def render(soffice: str, files: Sequence[Path], folder: Path) -> list[list[Sheet]]:
    """The pages of each file, rendered by one LibreOffice after the other: one alone stops after some hundreds."""
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS, encoding="utf-8")
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(folder)]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(fonts)}
    for first in range(0, len(files), BATCH):
        batch = [str(file) for file in files[first : first + BATCH]]
        subprocess.run([*command, *batch], check=True, capture_output=True, timeout=600, env=environment)
    return [pages(folder / f"{file.stem}.pdf") for file in files]


def pages(path: Path) -> list[Sheet]:
    found = []
    for page in PdfReader(path).pages:
        runs: list[Run] = []

        def see(text: str, cm: list[float], tm: list[float], font: object, size: float, to: list[Run] = runs) -> None:
            if text.strip():
                to.append(Run(text.strip(), tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5], size * abs(tm[3] * cm[3])))

        page.extract_text(visitor_text=see)
        found.append(Sheet(tuple(runs), float(page.mediabox.width), float(page.mediabox.height)))
    return found
