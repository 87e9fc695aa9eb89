"""Writes a new workbook of plain values row by row: however many there are, none of them is held."""

from __future__ import annotations

import html
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO

from addin.portable.archive import LEVEL
from addin.xlsx.cellxml import letters, stored, type_attribute
from addin.xlsx.model import Cell

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_REMEMBERED = 10_000
_STYLES = f"""<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/>\
<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>\
<patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>\
</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2">\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" \
applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


class StreamedWorkbook:
    """Sheets under construction; ``creator`` stands in the workbook's properties."""

    def __init__(self, creator: str) -> None:
        self._creator = creator
        self._sheets: list[StreamedSheet] = []

    def sheet(self, title: str, headings: Sequence[str], widths: Sequence[int] = ()) -> StreamedSheet:
        """Begin a sheet: its headings, and the widths of its first columns."""
        sheet = StreamedSheet(title, headings, widths, is_first=not self._sheets)
        self._sheets.append(sheet)
        return sheet

    def write(self, target: IO[bytes]) -> None:
        """Write the file; no sheet takes rows any more."""
        parts = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(self._sheets) + 1)]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as package:
            for name, text in self._frame(parts).items():
                package.writestr(name, _PROLOG + text)
            for part, sheet in zip(parts, self._sheets, strict=True):
                with package.open(part, "w", force_zip64=True) as member:
                    sheet.copy_to(member)

    def _frame(self, parts: list[str]) -> dict[str, str]:
        """All parts but the sheets."""
        kinds = {"xl/workbook.xml": f"{_TYPE}sheet.main+xml", "xl/styles.xml": f"{_TYPE}styles+xml"}
        kinds["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
        kinds |= dict.fromkeys(parts, f"{_TYPE}worksheet+xml")
        overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
        names = "".join(
            f'<sheet name="{html.escape(sheet.title)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, sheet in enumerate(self._sheets, start=1)
        )
        core = f"{_PACKAGE}/metadata/core-properties"
        return {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
            "_rels/.rels": _relations(
                [
                    (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
                    (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                ]
            ),
            "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:creator>{html.escape(self._creator)}</dc:creator></cp:coreProperties>",
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                [(f"{_OFFICE}/worksheet", part.removeprefix("xl/")) for part in parts]
                + [(f"{_OFFICE}/styles", "styles.xml")]
            ),
            "xl/styles.xml": _STYLES,
        }


class StreamedSheet:
    """Its headings stay in sight; rows are added below."""

    def __init__(self, title: str, headings: Sequence[str], widths: Sequence[int], is_first: bool) -> None:
        self.title = title
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - It is closed when it is copied.
        self._row = 0
        self._letters = [letters(col).decode() for col in range(len(headings))]
        self._bodies = _Bodies()
        selected = ' tabSelected="1"' if is_first else ""
        cols = "".join(
            f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
            for place, width in enumerate(widths, 1)
        )
        self._put(
            f'{_PROLOG}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{selected} workbookViewId="0"><pane xSplit="1" ySplit="1" '
            f'topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
            f"{f'<cols>{cols}</cols>' if cols else ''}<sheetData>"
        )
        self._add(headings, ' s="1"')

    @property
    def rows(self) -> int:
        """How many there are, with the headings."""
        return self._row

    def add(self, values: Iterable[Cell]) -> None:
        """Add a row; blanks are left out."""
        self._add(values, "")

    def _add(self, values: Iterable[Cell], style: str) -> None:
        self._row += 1
        bodies = self._bodies
        # TRUE is equal to 1, but isn't stored so.
        cells = [
            f'<c r="{name}{self._row}"{style}{bodies[value] if type(value) is str else _body(value)}'
            for name, value in zip(self._letters, values, strict=True)
            if value is not None
        ]
        self._put(f'<row r="{self._row}">{"".join(cells)}</row>')

    def _put(self, text: str) -> None:
        self._file.write(text.encode())

    def copy_to(self, target: IO[bytes]) -> None:
        self._put("</sheetData></worksheet>")
        self._file.seek(0)
        shutil.copyfileobj(self._file, target, 1 << 20)
        self._file.close()


class _Bodies(dict[str, str]):
    """How texts are written; most of them come again and again."""

    def __missing__(self, text: str) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[text] = _body(text)
        return found


def _body(value: Cell) -> str:
    """A cell from behind its place to its end."""
    kind, text = stored(_UNREADABLE.sub(" ", value) if isinstance(value, str) else value)
    shown = (text or b"").decode()
    if kind != b"str":
        return f"{type_attribute(kind).decode()}><v>{shown}</v></c>"
    space = ' xml:space="preserve"' if shown != shown.strip() else ""
    return f' t="inlineStr"><is><t{space}>{shown}</t></is></c>'


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'
