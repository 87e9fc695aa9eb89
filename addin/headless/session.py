"""One session with a workbook: its file read once, parsed once, computed in memory, written once.

The file may change meanwhile without harm: everything is worked on as it was at the moment of opening, and a file that is
no longer what was opened is not written over.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from addin.portable.archive import rewrite
from addin.xlsx.book import Book
from addin.xlsx.cellreader import place
from addin.xlsx.cells import CellSet
from addin.xlsx.collecting import seldom_collected
from addin.xlsx.files import Before, Fingerprint, WorkbookError, read_file, replace
from addin.xlsx.heights import with_heights, wrapping_styles
from addin.xlsx.model import Cell, CellValues, Problem, Report, Workbook
from addin.xlsx.package import damage_told, package_of
from addin.xlsx.patch import Areas, patched
from addin.xlsx.reader import read_package
from addin.xlsx.rows import Rows, with_rows
from addin.xlsx.sheetdata import SheetData

if TYPE_CHECKING:
    from addin.headless.skeleton import Skeleton


class Session:
    """A workbook as it was when it was opened, and what has been done to it since; ``path`` is what it is called."""

    def __init__(self, path: Path, content: bytes, opened: Fingerprint | None = None) -> None:
        self.path = path
        self.content = content
        self.problems: tuple[Problem, ...] = ()
        self._opened = opened
        self._package = package_of(content, path)
        self._data: dict[str, SheetData] = {}
        with damage_told(path), seldom_collected():
            self.workbook: Workbook = read_package(self._package, path, self._data)
        self._typed: dict[str, CellSet] = {}
        self._computed: dict[str, CellSet] = {}
        self._areas: dict[str, Areas] = {}
        self._is_reshaped = False

    @classmethod
    def open(cls, path: Path) -> Session:
        """Read a file; raises WorkbookError."""
        found = read_file(path)
        return cls(path, found.content or b"", found)

    @classmethod
    def of(cls, content: bytes) -> Session:
        """A workbook that is no file (yet)."""
        return cls(Path("kaohe.xlsx"), content)

    @property
    def package(self) -> zipfile.ZipFile:
        """The package as it was opened."""
        return self._package

    @cached_property
    def book(self) -> Book:
        """The values as they now are."""
        return Book(self.workbook)

    @cached_property
    def skeleton(self) -> Skeleton:
        """What its formulas are read from: none of them changes while the workbook is open here."""
        from addin.headless.skeleton import Skeleton

        return Skeleton.of(self.workbook)

    def compute(self) -> Report:
        """Compute every formula in memory; cells that can't be computed keep their values and are told."""
        from addin.headless.computation import Computation
        from addin.headless.subtotals import hidden_rows
        from addin.xlsx.external import external_books

        with damage_told(self.path), seldom_collected():
            computation = Computation(
                self.workbook,
                lambda sheet: hidden_rows(self._package, self.workbook, sheet),
                lambda: external_books(self._package),
            )
            computation.run()
        for sheet, cells in computation.changed.items():
            self._computed.setdefault(sheet, CellSet()).update(cells)
        for sheet, areas in computation.areas.items():
            self._areas.setdefault(sheet, {}).update(areas)
        self.problems = tuple(computation.problems)
        return Report(sum(map(len, computation.values.values())), self.problems, computation.notes)

    def type(self, sheet: str, cell: str, value: Cell) -> None:
        """Put a value into a cell, as somebody would who types it; raises WorkbookError for a formula."""
        at = place(cell)
        if at in self.workbook.sheets[sheet].formulas:
            raise WorkbookError(f"{sheet}!{cell} 是公式，未改动 {self.path}")
        self._typed.setdefault(sheet, CellSet()).add(at[1], at[0], at[0])
        self.workbook.sheets[sheet].set(*at, value)

    def with_rows(self, changes: Iterable[Rows]) -> Session:
        """The workbook with rows put in or taken out, one after the other, not yet computed; raises WorkbookError."""
        session = self
        for rows in changes:
            stream = io.BytesIO()
            try:
                changed, dropped = with_rows(session.package, session.workbook, rows)
            except (LookupError, ValueError, AttributeError) as error:
                raise WorkbookError(f"{self.path} 写法特别，表不能加长或缩短（{error}）") from error
            with damage_told(self.path):
                rewrite(io.BytesIO(session.content), stream, changed, dropped)
            session = Session(self.path, stream.getvalue(), self._opened)
            session._is_reshaped = True
        return session

    def xml(self, sheet: str) -> bytes:
        """A sheet's part as it was opened; raises WorkbookError."""
        with damage_told(self.path):
            return self._data[sheet].xml if sheet in self._data else self._package.read(self.workbook.parts[sheet])

    def changed_parts(self) -> dict[str, bytes]:
        """The sheets' parts that other values make different."""
        changed: dict[str, bytes] = {}
        for sheet, held in self.workbook.sheets.items():
            values = CellValues(held)
            for cells in (self._typed, self._computed):
                values.cells.update(cells.get(sheet, CellSet()))
            if not values:
                continue
            before = self.xml(sheet)
            try:
                after = patched(self._data.get(sheet, before), values, self._areas.get(sheet))
            except ValueError as error:
                raise WorkbookError(f"{self.path} 的工作表“{sheet}”已损坏，无法写入（{error}）") from error
            if sheet in self._typed:
                after = self._with_heights(sheet, after)
            if after is not before:
                changed[self.workbook.parts[sheet]] = after
        return changed

    def _with_heights(self, sheet: str, xml: bytes) -> bytes:
        """Rows as high as the texts that were typed into them take."""
        texts: dict[int, dict[int, str]] = {}
        for rows, cols in self._typed[sheet].bands():
            for row in rows:
                cells = ((col, self.workbook.sheets[sheet].get(row, col)) for col in cols)
                texts[row] = {col: cell for col, cell in cells if isinstance(cell, str)}
        return with_heights(xml, texts, wrapping_styles(self._package))

    def written(self) -> bytes:
        """The file's bytes as they would be written now."""
        stream = io.BytesIO()
        with damage_told(self.path):
            rewrite(io.BytesIO(self.content), stream, self.changed_parts(), opened=self._package)
        return stream.getvalue()

    def write(self, out: Path | None = None, before: Before = "now") -> tuple[str, ...]:
        """Write the values that changed, and nothing else, to the file itself or another one; returns what to tell.

        ``before`` is what the other file was when the work began. Where nothing changes, nothing is written. Raises
        WorkbookError.
        """
        same = self._opened is not None and (out is None or out.absolute() == self.path.absolute())
        with seldom_collected():
            changed = self.changed_parts()
        if same and not changed and not self._is_reshaped:
            return ()
        with damage_told(self.path):
            return replace(
                out or self.path,
                lambda file: rewrite(io.BytesIO(self.content), file, changed, opened=self._package),
                self._opened if same else before,
            )
