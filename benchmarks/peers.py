"""The ways to compute one workbook, each run in a process of its own: ``python peers.py WAY IN OUT``."""

from __future__ import annotations

import atexit
import gc
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HARD_RECALCULATION = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def ours(source: Path, target: Path) -> None:
    from addin.headless import calculate
    from addin.xlsx.collecting import ends_with_its_work

    ends_with_its_work()  # As the commands do.
    assert not calculate(source, target).problems


def formulas_by_cell(source: Path, target: Path) -> None:
    import formulas

    model = formulas.ExcelModel().loads(str(source)).finish()
    model.calculate()
    model.write(dirpath=str(target.parent / "formulas"))


def libreoffice(source: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(HARD_RECALCULATION, encoding="utf-8")
        options = [f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", "xlsx"]
        program = shutil.which("soffice") or "soffice"
        subprocess.run(
            [program, *options, "--outdir", str(target.parent), str(source)], check=True, stdout=subprocess.DEVNULL
        )


def formualizer(source: Path, target: Path) -> None:
    import formualizer as engine

    shutil.copyfile(source, target)
    engine.recalculate_file(str(target))


def ironcalc(source: Path, target: Path) -> None:
    import ironcalc as engine

    model = engine.load_from_xlsx(str(source))
    model.evaluate()
    target.unlink(missing_ok=True)
    model.save_to_xlsx(str(target))


def pandas_by_hand(source: Path, target: Path) -> None:
    import pandas as pd

    people = pd.read_excel(source, engine="calamine", usecols="A:J", header=0)
    people["得分"] = (people.sum(axis=1) / 10).round(2)
    people["等次"] = pd.cut(people["得分"], [-1, 59.995, 74.995, 101], labels=["不合格", "合格", "优秀"]).astype(str)
    people["系数"] = people["等次"].map({"优秀": 1.2, "合格": 1.0, "不合格": 0.5})
    people["绩效"] = (people["得分"] * people["系数"]).round(2)
    people["名次"] = people["得分"].rank(ascending=False, method="min")
    people["同等人数"] = people.groupby("等次")["等次"].transform("count")
    people.to_excel(target, index=False, engine="xlsxwriter")


WAYS: dict[str, Callable[[Path, Path], None]] = {
    "KAOHE": ours,
    "formualizer": formualizer,
    "IronCalc": ironcalc,
    "LibreOffice 硬重算": libreoffice,
    "formulas 逐格": formulas_by_cell,
    "pandas 手写": pandas_by_hand,
}

if __name__ == "__main__":
    # The process ends with the work: nobody has to look for garbage in what it leaves.
    atexit.register(gc.freeze)
    WAYS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
