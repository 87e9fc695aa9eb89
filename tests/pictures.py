"""Takes the pictures of README and docs anew: ``python -m tests.pictures [FOLDER]``.

Needs what ``tests.calc.screenshot`` needs, and pdftoppm.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from addin.calc.extension import build
from addin.cli import main
from addin.portable.userfolder import SETTINGS
from tests.calc import screenshot
from tests.calc.office import Office
from tests.calc.screenshot import SAMPLE, SETTLE_SECONDS, screen
from tests.macros.paper import render
from tests.support import PROJECT, SLUG

FOLDER = PROJECT / "docs" / "images"
SCHEME, PERSON, CELL = "乡镇卫生院工作人员绩效考核", "林海涛", "人员!W6"
FACTS = {"unit": "青山镇卫生院", "period": "2025年度"}
PAGES = {"home": "按公共项目", "overview": "各图由公式随数据变化"}
"""Pictures of the workbook's own pages, told by words that stand on them."""
_RESOLUTION, _COLOURS, _WIDTH, _HEIGHT = "90", "64", 1280, 800


def take(target: Path) -> None:
    """All pictures."""
    target.mkdir(parents=True, exist_ok=True)
    soffice = shutil.which("soffice")
    assert soffice, "soffice is not installed"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workbook = folder / f"{SCHEME}.xlsx"
        filled = folder / "data.json"
        filled.write_text(json.dumps(json.loads(SAMPLE.read_text(encoding="utf-8")) | FACTS), encoding="utf-8")
        main(["new", SLUG, "--data", str(filled), "-o", str(workbook)])
        main(["run", "slips", str(workbook), "--option", f"person={PERSON}", "-o", str(folder)])
        main(["run", "publish", str(workbook), "-o", str(folder)])
        papers = {"slip": folder / f"{SCHEME}_通知单.xlsx", "publish": folder / f"{SCHEME}_公示表.xlsx"}
        pages = dict(
            zip([workbook, *papers.values()], render(soffice, [workbook, *papers.values()], folder), strict=True)
        )
        for picture, words in PAGES.items():
            number = next(at for at, page in enumerate(pages[workbook], start=1) if words in page.text)
            _page(workbook.with_suffix(".pdf"), number, target / f"{picture}.png")
        for picture, file in papers.items():
            _page(file.with_suffix(".pdf"), 1, target / f"{picture}.png")
        _screens(folder / "calc", workbook, target)
    screenshot.take(target / "calc-menu.png")
    _shrunk(target / "calc-menu.png")


def _page(pdf: Path, number: int, picture: Path) -> None:
    """A page of a PDF, without its margins and the line at its foot."""
    command = ["pdftoppm", "-r", _RESOLUTION, "-png", "-singlefile", "-f", str(number), "-l", str(number)]
    subprocess.run([*command, pdf, picture.with_suffix("")], check=True)
    _shrunk(picture, "-gravity", "South", "-chop", "0x8%", "-trim", "-bordercolor", "white", "-border", "16")


def _screens(folder: Path, workbook: Path, target: Path) -> None:
    """The workbook as it stands in Calc, and with the explanation of a score beside it."""
    extension, home = folder / "kaohe.oxt", folder / "home" / "kaohe"
    home.mkdir(parents=True)
    build(extension)
    (home / SETTINGS).write_text(json.dumps({"python": sys.executable}), encoding="utf-8")
    with screen() as display:
        environment = {"DISPLAY": display, "LANG": "zh_CN.UTF-8"}
        office = Office(folder, extension, headless=False, environment=environment)
        try:
            document = office.open(workbook, hidden=False)
            office.resize(document, _WIDTH, _HEIGHT)
            office.select(document, CELL)
            _shot(display, target / f"{SLUG}.png", lambda: None)
            _shot(
                display,
                target / "explain.png",
                lambda: office.dispatch(document, "cn.kaohe.calc:explain", Options="{}"),
            )
        finally:
            office.end()


def _shot(display: str, picture: Path, before: Callable[[], object]) -> None:
    before()
    time.sleep(SETTLE_SECONDS)
    subprocess.run(["import", "-window", "root", picture], env={**os.environ, "DISPLAY": display}, check=True)
    _shrunk(picture)


def _shrunk(picture: Path, *changes: str) -> None:
    subprocess.run(
        ["convert", picture, *changes, "-strip", "+dither", "-colors", _COLOURS, f"PNG8:{picture}"], check=True
    )


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
