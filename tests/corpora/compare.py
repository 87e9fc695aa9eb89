"""Public workbooks computed afresh, against the values that Excel stored in them.

``python -m tests.corpora.compare [FOLDER …]`` compares every workbook of the suites below KAOHE_CORPORA (or of the folders named) and
prints a table by suite and function; ``-v`` lists the cells that differ, ``-t`` those that were not computed.

What "equal" leaves out: numbers may differ by 1e-9 of their size (Excel's distributions are series); a blank and an empty text are
the same; #CALC! and #SPILL! are #VALUE! in a file; a formula saved without a value is no witness. Cells that read the clock or draw by
chance keep Excel's value, so that what depends on them is compared. ``accepted.toml`` lists the differences in which Excel is not
followed, each with its reason.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from addin.headless.computation import Computation
from addin.headless.subtotals import hidden_rows
from addin.xlsx.external import external_books
from addin.xlsx.files import WorkbookError
from addin.xlsx.model import Cell, CellError, Sheet, Workbook, cell_name
from addin.xlsx.package import opened
from addin.xlsx.reader import read_workbook

TOLERANCE = 1e-9
VARIABLE = "KAOHE_CORPORA"
_VOLATILE = re.compile(r"\b(?:NOW|TODAY|RAND|RANDBETWEEN|RANDARRAY)\s*\(", re.IGNORECASE)
_STRINGS = re.compile(r'"[^"]*"')
_FUNCTION = re.compile(r"([A-Z_][A-Z0-9_.]*)\(", re.IGNORECASE)
_PREFIXES = re.compile(r"^(?:_XLFN\.|_XLWS\.|_XLL\.)+")
Place = tuple[int, int]


@dataclass(frozen=True)
class Difference:
    """A cell whose value is not Excel's; ``ours`` is the reason in words where it was not computed."""

    file: str
    cell: str
    formula: str
    ours: str
    excel: str

    def __str__(self) -> str:
        return f"{self.file} {self.cell} ={self.formula[:90]} -> {self.ours[:70]} | Excel {self.excel[:60]}"


@dataclass
class Comparison:
    """A workbook: how many cells are equal, by function, and which are not."""

    file: str
    equal: Counter[str] = field(default_factory=Counter)
    different: list[Difference] = field(default_factory=list)
    accepted: list[Difference] = field(default_factory=list)
    told: list[Difference] = field(default_factory=list)
    refused: str = ""
    crash: str = ""

    @property
    def suite(self) -> str:
        return self.file.partition("/")[0]


def function_of(formula: str) -> str:
    """The first function's name, without the prefixes that a file puts before it."""
    found = _FUNCTION.search(_STRINGS.sub('""', formula))
    return _PREFIXES.sub("", found[1].upper()) if found else "-"


# Errors of newer versions, which Excel keeps elsewhere in the file: the cell itself says #VALUE!.
_NEWER = (CellError.SPILL, CellError.CALC, CellError.FIELD, CellError.BLOCKED, CellError.CONNECT, CellError.UNKNOWN)


def same(ours: Cell, excel: Cell) -> bool:
    if ours in (None, "") and excel in (None, ""):
        return True
    if type(ours) is float and type(excel) is float:
        return abs(ours - excel) <= TOLERANCE * max(1.0, abs(excel))
    return type(ours) is type(excel) and (ours == excel or (ours in _NEWER and excel is CellError.VALUE))


@cache
def _accepted() -> list[dict[str, str]]:
    text = Path(__file__).with_name("accepted.toml").read_text("utf-8")
    entries: list[dict[str, str]] = tomllib.loads(text).get("accepted", [])
    for entry in entries:
        if set(entry) != {"file", "cell", "reason"} or not entry["reason"].strip():
            raise ValueError(f"accepted.toml: an entry is a file, a cell and a reason, not {entry}")
    return entries


def _is_accepted(file: str, cell: str) -> bool:
    return any(fnmatchcase(file, entry["file"]) and fnmatchcase(cell, entry["cell"]) for entry in _accepted())


def unused(results: list[Comparison]) -> list[str]:
    """The entries about the workbooks compared that accept nothing."""
    accepted = [difference for result in results for difference in result.accepted]
    return [
        f"{entry['file']} {entry['cell']}"
        for entry in _accepted()
        if any(fnmatchcase(result.file, entry["file"]) for result in results)
        and not any(fnmatchcase(d.file, entry["file"]) and fnmatchcase(d.cell, entry["cell"]) for d in accepted)
    ]


def compare(path: Path) -> Comparison:
    """Compare one workbook; whatever goes wrong is told in the result."""
    result = Comparison(f"{path.parent.name}/{path.name}")
    try:
        _compare(path, result)
    except WorkbookError as error:
        result.refused = str(error)
    except Exception:
        result.crash = traceback.format_exc(limit=-4)
    return result


def _compare(path: Path, result: Comparison) -> None:
    workbook = read_workbook(path)
    _hold_volatile(workbook)
    cells = [
        (sheet.name, place, formula, sheet.get(*place))
        for sheet in workbook.sheets.values()
        for place, formula in _formulas(sheet)
    ]
    with opened(path) as package:
        computation = Computation(
            workbook, lambda sheet: hidden_rows(package, workbook, sheet), lambda: external_books(package)
        )
        computation.run()
    computed, problems = computation.values, computation.problems
    told = {(problem.sheet, problem.cell): problem.message for problem in problems}
    uncomputed = 0
    for sheet, place, formula, excel in cells:
        name, cell = cell_name(*place), f"{sheet}!{cell_name(*place)}"
        if place not in computed.get(sheet, {}):
            if place in workbook.sheets[sheet].formulas:
                uncomputed += 1
                why = told.get((sheet, name), "the cause of another cell")
                result.told.append(Difference(result.file, cell, formula, why, _shown(excel)))
            continue
        ours = computed[sheet][place]
        if excel is None:
            continue
        if same(ours, excel):
            result.equal[function_of(formula)] += 1
            continue
        difference = Difference(result.file, cell, formula, _shown(ours), _shown(excel))
        (result.accepted if _is_accepted(result.file, cell) else result.different).append(difference)
    if uncomputed != sum(problem.count for problem in problems):
        untold = uncomputed - sum(problem.count for problem in problems)
        result.different.append(Difference(result.file, "", "", f"{untold} cells neither computed nor told", ""))


def _formulas(sheet: Sheet) -> Iterator[tuple[Place, str]]:
    """The formula cells, and the cells that an array formula fills."""
    for place, formula in sheet.formulas.items():
        area = sheet.arrays.get(place)
        if area is None:
            yield place, formula
            continue
        for row in range(area.top, area.bottom + 1):
            for col in range(area.left, area.right + 1):
                yield (row, col), formula


def _hold_volatile(workbook: Workbook) -> None:
    """Formulas that give something else each time become the values that Excel stored."""
    names = [name.partition("!")[2] or name for name, text in workbook.names.items() if _VOLATILE.search(text)]
    by_name = (
        re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, names))})(?![\w.(])", re.IGNORECASE) if names else None
    )
    for sheet in workbook.sheets.values():
        for place, formula in list(sheet.formulas.items()):
            plain = _STRINGS.sub('""', formula)
            if _VOLATILE.search(plain) or (by_name is not None and by_name.search(plain)):
                del sheet.formulas[place]
                sheet.arrays.pop(place, None)


def _shown(cell: Cell) -> str:
    return cell.value if isinstance(cell, CellError) else repr(cell)


def workbooks(folders: list[Path]) -> list[Path]:
    """The workbooks of suites, each of which is a folder."""
    return [
        path for folder in folders for path in sorted(folder.iterdir()) if path.suffix.lower() in (".xlsx", ".xlsm")
    ]


def suites() -> list[Path]:
    root = Path(os.environ[VARIABLE])
    return sorted(folder for folder in root.iterdir() if folder.is_dir())


def share(equal: int, different: int) -> str:
    return f"{100 * equal / (equal + different):.2f}%" if equal + different else "-"


def _report(results: list[Comparison], different: bool, told: bool) -> None:
    for suite in dict.fromkeys(result.suite for result in results):
        ours = [result for result in results if result.suite == suite]
        equal: Counter[str] = sum((result.equal for result in ours), Counter())
        wrong = Counter(function_of(d.formula) for result in ours for d in result.different)
        unknown = Counter(function_of(d.formula) for result in ours for d in result.told)
        print(
            f"{suite}: {len(ours)} files, {equal.total()} cells equal, {wrong.total()} different ({share(equal.total(), wrong.total())}), "
            f"{sum(len(result.accepted) for result in ours)} accepted, {unknown.total()} told, "
            f"{sum(bool(result.refused) for result in ours)} files refused, {sum(bool(result.crash) for result in ours)} crashed"
        )
        for name in sorted(set(wrong) | set(unknown), key=lambda name: (-wrong[name], -unknown[name], name)):
            print(f"  {name:20} equal {equal[name]:6} different {wrong[name]:5} told {unknown[name]:5}")
        for result in ours:
            for line in ([result.crash] if result.crash else []) + ([result.refused] if result.refused else []):
                print(f"  {result.file}: {line}")
            for difference in (result.different if different else []) + (result.told if told else []):
                print(f"  {difference}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.corpora.compare", description="Our values against Excel's.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("-v", action="store_true", help="list the cells that differ")
    parser.add_argument("-t", action="store_true", help="list the cells that were not computed")
    parser.add_argument("-f", default="*", help="only files whose name matches")
    parser.add_argument("-n", type=int, default=2, help="processes")
    arguments = parser.parse_args()
    paths = [path for path in workbooks(arguments.folders or suites()) if fnmatchcase(path.name, arguments.f)]
    with ProcessPoolExecutor(arguments.n) as pool:
        results = list(pool.map(compare, paths))
    _report(results, arguments.v, arguments.t)
    return int(any(result.different or result.crash for result in results))


if __name__ == "__main__":
    sys.exit(main())
