"""What the builder writes for a scheme and for every word of the format, kept as text: a change of the builder shows as a difference.

``KAOHE_WRITE_SNAPSHOTS=1 pytest tests/workbook_templates/test_snapshots.py`` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from addin.xlsx.model import cell_name
from addin.xlsx.package import opened
from addin.xlsx.parts import parse_part, relations_of
from addin.xlsx.reader import read_package, read_workbook
from tests.workbook_templates.support import WORDS
from workbook_templates.scheme.catalogue import load
from workbook_templates.workbook.build import build
from workbook_templates.workbook.layout import TABLE_LIMIT

SNAPSHOTS = Path(__file__).parent / "snapshots"
EXAMPLES = {"words": WORDS, "health-centre-staff": "health-centre-staff"}


@pytest.mark.parametrize("limit", [TABLE_LIMIT, 0], ids=["tables", "arrays"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_formulas(name: str, limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook_templates.workbook.layout.TABLE_LIMIT", limit)
    path = tmp_path / f"{name}.xlsx"
    build(load(EXAMPLES[name]), path)
    compare(formulas(path), f"{name}-{'tables' if limit else 'arrays'}.txt")
    if limit:
        compare(looks(path), f"{name}-looks.txt")


def compare(lines: Iterator[str], name: str) -> None:
    written = "\n".join(lines) + "\n"
    if os.environ.get("KAOHE_WRITE_SNAPSHOTS"):
        (SNAPSHOTS / name).write_text(written, encoding="utf-8")
    assert written == (SNAPSHOTS / name).read_text(encoding="utf-8")


def formulas(path: Path) -> Iterator[str]:
    """The formulas, those that say the same down a column once."""
    for name, sheet in read_workbook(path).sheets.items():
        for run in sorted(sheet.formulas.runs(sheet.arrays), key=lambda run: (run.col, run.first)):
            block = f" {{{run.area.rows} rows}}" if run.area else ""
            yield f"{name}!{cell_name(run.first, run.col)}{block} ={run.text}"


def looks(path: Path) -> Iterator[str]:
    """What we say of rows, columns, blocks and pages beside their cells; sizes as whole numbers."""
    with opened(path) as package:
        for name, part in read_package(package, path).parts.items():
            root = parse_part(package, part)
            for height, rows in groupby(
                root.iterfind("{*}sheetData/{*}row[@ht]"), lambda row: round(float(row.get("ht")))
            ):
                yield f"{name} height {height}: {' '.join(row.get('r') for row in rows)}"
            for column in root.iterfind("{*}cols/{*}col"):
                told = [each for each in ("hidden", "outlineLevel", "collapsed") if column.get(each)]
                yield f"{name} columns {column.get('min')}-{column.get('max')}: {' '.join([column.get('width').partition('.')[0], *told])}"
            yield f"{name} merged: {' '.join(each.get('ref') for each in root.iterfind('{*}mergeCells/{*}mergeCell'))}"
            for block in root.iterfind("{*}conditionalFormatting"):
                for rule in block:
                    bounds = [each.text or each.get("val") for each in rule.iter("{*}formula", "{*}cfvo")]
                    told = [rule.get("type"), rule.get("stopIfTrue"), *bounds]
                    yield f"{name} coloured {block.get('sqref')}: {' '.join(filter(None, told))}"
            for each in root.iterfind("{*}dataValidations/{*}dataValidation"):
                told = [each.get("type"), each.get("operator"), each.get("errorStyle"), *(bound.text for bound in each)]
                yield f"{name} takes {each.get('sqref')}: {' '.join(filter(None, told))}"
            for tag in ("pane", "selection", "sheetProtection", "pageSetup", "brk"):
                yield from (
                    f"{name} {tag}: {' '.join(element.attrib.values())}" for element in root.iter(f"{{*}}{tag}")
                )
            for table in (target for kind, target in relations_of(package, part).values() if kind == "table"):
                told = [each.get("ref") for each in parse_part(package, table).iter("{*}table", "{*}autoFilter")]
                yield f"{name} table, filtered: {' '.join(told)}"
            for drawing in (target for kind, target in relations_of(package, part).values() if kind == "drawing"):
                for anchor in parse_part(package, drawing).iter("{*}twoCellAnchor"):
                    yield f"{name} chart: {' to '.join('/'.join(end.itertext()) for end in anchor[:2])}"
                for _, chart in relations_of(package, drawing).values():
                    yield f"{name} draws: {' '.join(each.text for each in parse_part(package, chart).iter('{*}f'))}"
