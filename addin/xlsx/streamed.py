"""Writes a new workbook of plain values row by row: however many there are, none of them is held."""

from __future__ import annotations

import html
import re
import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import IO

from addin.portable.archive import LEVEL
from addin.shared.widths import width
from addin.xlsx.cellxml import letters, stored, type_attribute
from addin.xlsx.model import Cell
from addin.xlsx.parts import MAIN, OFFICE, PACKAGE

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_REMEMBERED = 10_000
_FONT = '<sz val="10.5"/><name val="微软雅黑"/><family val="2"/><charset val="134"/>'
_HEAD, _WRAPPED, _TOTAL, _CLOCK = (f' s="{place}"' for place in (1, 2, 3, 4))
_CENTRED = '<alignment vertical="center"/>'
_STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts><fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts><fills count="3">\
<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill \
patternType="solid"><fgColor rgb="FFDCE6F1"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/>\
<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" applyAlignment="1">{_CENTRED}</xf></cellStyleXfs>\
<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">{_CENTRED}</xf>\
<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">\
<alignment horizontal="center" vertical="center" wrapText="1"/></xf>\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>\
<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">\
<alignment vertical="center" wrapText="1"/></xf>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">{_CENTRED}</xf></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_NARROWEST, _LONGEST_HEADING = 8, 12
_PAGE = 170
"""Characters across an A4 page at about 8 points; what is wider is printed over several pages."""
_LINE, _HIGHEST = 15, 400
"""Points of a line, and of a row at most."""
_SETUP = (
    '<printOptions gridLines="1"/><pageMargins left="0.4" right="0.4" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" {} orientation="landscape"/>'
    '<headerFooter><oddHeader>&amp;C&amp;"黑体"&amp;14&amp;A</oddHeader>'
    '<oddFooter>&amp;C&amp;"宋体"第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter>'
)


class StreamedWorkbook:
    """Sheets under construction; ``creator`` stands in the workbook's properties."""

    def __init__(self, creator: str) -> None:
        self._creator = creator
        self._sheets: list[StreamedSheet] = []

    def sheet(
        self,
        title: str,
        headings: Sequence[str],
        widths: Sequence[int] = (),
        repeated: int = 1,
        clocks: Collection[str] = (),
    ) -> StreamedSheet:
        """Begin a sheet: its headings, and the widths of columns in which texts are wrapped; 0, or none: by the heading.

        ``repeated``: how many of the first columns stay in sight and stand on every page; ``clocks``: columns of times, whose numbers
        are shown as hours and minutes.
        """
        sheet = StreamedSheet(title, headings, widths, repeated, clocks, is_first=not self._sheets)
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
        repeated = "".join(
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{number}">{quoted}!$A:${sheet.repeated},{quoted}!$1:$1</definedName>'
            for number, sheet in enumerate(self._sheets)
            for quoted in [html.escape("'" + sheet.title.replace("'", "''") + "'", quote=False)]
        )
        core = f"{PACKAGE}/metadata/core-properties"
        return {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
            "_rels/.rels": _relations(
                [
                    (f"{OFFICE}/officeDocument", "xl/workbook.xml"),
                    (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                ]
            ),
            "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:creator>{html.escape(self._creator)}</dc:creator></cp:coreProperties>",
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets>'
            f"<definedNames>{repeated}</definedNames></workbook>",
            "xl/_rels/workbook.xml.rels": _relations(
                [(f"{OFFICE}/worksheet", part.removeprefix("xl/")) for part in parts]
                + [(f"{OFFICE}/styles", "styles.xml")]
            ),
            "xl/styles.xml": _STYLES,
        }


class StreamedSheet:
    """Its headings stay in sight; rows are added below."""

    def __init__(
        self,
        title: str,
        headings: Sequence[str],
        widths: Sequence[int],
        repeated: int,
        clocks: Collection[str],
        is_first: bool,
    ) -> None:
        self.title = title
        self.repeated = letters(repeated - 1).decode()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - It is closed when it is copied.
        self._row = 0
        self._letters = [letters(col).decode() for col in range(len(headings))]
        self._bodies = _Bodies()
        given = [*widths, *[0] * (len(headings) - len(widths))]
        self._widths = [each or _width(heading) for each, heading in zip(given, headings, strict=True)]
        self._wrapped = [(col, each) for col, each in enumerate(given) if each]
        self._styles = [
            _CLOCK if heading in clocks else _WRAPPED if each else "" for each, heading in zip(given, headings, strict=True)
        ]
        self._filtered = 0
        selected = ' tabSelected="1"' if is_first else ""
        fitted = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if self._is_one_page else ""
        cols = "".join(
            f'<col min="{place}" max="{place}" width="{characters}" customWidth="1"/>'
            for place, characters in enumerate(self._widths, 1)
        )
        self._put(
            f'{_PROLOG}<worksheet xmlns="{MAIN}">{fitted}<sheetViews><sheetView{selected} workbookViewId="0"><pane '
            f'xSplit="{repeated}" ySplit="1" topLeftCell="{letters(repeated).decode()}2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="{_LINE + 3}" customHeight="1"/><cols>{cols}</cols><sheetData>'
        )
        self._add(headings, [_HEAD] * len(headings), _height(2))

    @property
    def _is_one_page(self) -> bool:
        return sum(self._widths) <= _PAGE

    @property
    def rows(self) -> int:
        """How many there are, with the headings."""
        return self._row

    def add(self, values: Sequence[Cell]) -> None:
        """Add a row; blanks are left out."""
        self._add(values, self._styles, self._height_of(values))
        self._filtered = self._row

    def add_total(self, values: Sequence[Cell]) -> None:
        """Add the last row: it is bold, and not filtered or sorted with the others."""
        self._add(values, [_TOTAL] * len(self._styles), self._height_of(values))

    def _height_of(self, values: Sequence[Cell]) -> str:
        """What texts that are wrapped need; not every program finds it by itself."""
        lines = max((_lines(text, room) for col, room in self._wrapped if type(text := values[col]) is str), default=1)
        return _height(lines) if lines > 1 else ""

    def _add(self, values: Sequence[Cell], styles: Sequence[str], height: str) -> None:
        self._row += 1
        bodies = self._bodies
        # TRUE is equal to 1, but isn't stored so.
        cells = [
            f'<c r="{name}{self._row}"{style}{bodies[value] if type(value) is str else _body(value)}'
            for name, value, style in zip(self._letters, values, styles, strict=True)
            if value is not None
        ]
        self._put(f'<row r="{self._row}"{height}>{"".join(cells)}</row>')

    def _put(self, text: str) -> None:
        self._file.write(text.encode())

    def copy_to(self, target: IO[bytes]) -> None:
        filtered = f'<autoFilter ref="A1:{self._letters[-1]}{self._filtered}"/>' if self._filtered else ""
        fitted = 'fitToWidth="1" fitToHeight="0"' if self._is_one_page else 'scale="80"'
        self._put(f"</sheetData>{filtered}{_SETUP.format(fitted)}</worksheet>")
        self._file.seek(0)
        shutil.copyfileobj(self._file, target, 1 << 20)
        self._file.close()


@lru_cache(maxsize=_MOST_REMEMBERED)
def _lines(text: str, room: int) -> int:
    return sum(max(1, -(-width(part) // (room - 1))) for part in text.split("\n"))


def _height(lines: int) -> str:
    return f' ht="{min(_HIGHEST, _LINE * lines + 3)}" customHeight="1"'


def _width(heading: str) -> int:
    """A heading takes two lines at most, if it isn't very long."""
    whole = width(heading) + 2
    return max(_NARROWEST, whole if whole <= _LONGEST_HEADING else max(_LONGEST_HEADING, whole // 2 + 3))


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
    return f'<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'
