"""A picture of the sample workbook open in Calc, with the menu 考核 down: ``python -m tests.calc.screenshot FILE.png``.

Needs LibreOffice with its Chinese texts, Xvfb, xdotool and ImageMagick, and no screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from addin.calc.extension import build
from addin.cli import main
from tests.calc.office import Office
from tests.support import PROJECT, SLUG

WIDTH, HEIGHT = 1280, 800
SETTLE_SECONDS = 2.0
SAMPLE = PROJECT / "workbook_templates" / "samples" / f"{SLUG}.json"


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees; gives its name."""
    read, write = os.pipe()
    size = f"{WIDTH}x{HEIGHT}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def take(path: Path) -> None:
    """Take the picture."""
    with tempfile.TemporaryDirectory() as name, screen() as display:
        folder = Path(name)
        extension, workbook = folder / "kaohe.oxt", folder / "乡镇卫生院工作人员绩效考核.xlsx"
        build(extension)
        main(["new", SLUG, "--data", str(SAMPLE), "-o", str(workbook)])
        environment = {**os.environ, "DISPLAY": display}
        office = Office(folder, extension, headless=False, environment={"DISPLAY": display, "LANG": "zh_CN.UTF-8"})
        try:
            document = office.open(workbook, hidden=False)
            office.resize(document, WIDTH, HEIGHT)
            office.select(document, "人员!W6")
            time.sleep(SETTLE_SECONDS)
            x, y = office.menu_place(document, "考核")
            subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], env=environment, check=True)
            time.sleep(SETTLE_SECONDS)
            subprocess.run(["import", "-window", "root", path], env=environment, check=True)
            subprocess.run(["xdotool", "key", "Escape"], env=environment, check=True)
        finally:
            office.end()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
