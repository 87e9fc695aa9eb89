"""Whether today's formulas change nothing in a workbook that another version made: then no new one with its data is computed.

Most of its formulas are today's, and give what they gave. Those that say something else today are computed here over what it
holds: where they give what stands there, whatever reads them stays as it is.
"""

from __future__ import annotations

from dataclasses import replace

from addin.checking.made import Made, lines
from addin.headless.computation import Computation
from addin.headless.memory import OF_MORE, OF_WORKBOOK
from addin.headless.session import Session
from addin.headless.skeleton import Skeleton
from addin.xlsx.cells import CellSet
from addin.xlsx.model import Sheet, Workbook

_OF_SHEETS = {"SHEET", "SHEETS"}
"""They give the same where the sheets are the same."""


class Steady:
    """Today's formulas for tables of a size, without the data of the workbook that they are from."""

    def __init__(self, made: Made, new: Workbook) -> None:
        self._made = made
        sheets = {
            name: Sheet(name, formulas=sheet.formulas.copy(), arrays={**sheet.arrays}, dynamic={*sheet.dynamic})
            for name, sheet in new.sheets.items()
        }
        self._todays = replace(new, sheets=sheets)
        self._skeleton = Skeleton.of(new)

    def leaves(self, session: Session) -> bool:
        """Whether they give what a computed workbook holds, which reads nothing else than a new one does."""
        workbook, todays = session.workbook, self._todays
        if list(workbook.sheets) != list(todays.sheets) or workbook.tables != todays.tables:
            return False
        if not self._made.is_read_alike(session):
            return False
        computation = Computation(self._over(workbook))
        computation.run(_differing(session.skeleton, self._skeleton))
        return not computation.problems and not any(computation.changed.values())

    def _over(self, workbook: Workbook) -> Workbook:
        """Today's formulas over the values of a workbook, which keeps its own."""
        sheets = {
            name: replace(
                held,
                columns={col: [*cells] for col, cells in held.columns.items()},
                far={col: {**cells} for col, cells in held.far.items()},
                formulas=self._todays.sheets[name].formulas,
                arrays={**self._todays.sheets[name].arrays},
                dynamic=self._todays.sheets[name].dynamic,
            )
            for name, held in workbook.sheets.items()
        }
        return replace(self._todays, sheets=sheets)


def _differing(own: Skeleton, todays: Skeleton) -> dict[str, CellSet]:
    """Where today's formulas may give something else than a workbook's own do for the same cells."""
    told = set().union(*(said for _, said in own.once(lines)))
    found: dict[str, CellSet] = {}
    for (group, said), is_of_places in zip(todays.once(lines), todays.once(_are_of_places), strict=True):
        if is_of_places or not said <= told:
            found.setdefault(group.sheet, CellSet()).add(group.col, group.rows[0], group.rows[-1])
    return found


def _are_of_places(skeleton: Skeleton) -> list[bool]:
    """Of its ``lines``, which ones may give something else for the same values."""
    signs = [f"{function!r}(" for function in OF_WORKBOOK - _OF_SHEETS | OF_MORE]
    return [any(sign in line for line in said for sign in signs) for _, said in skeleton.once(lines)]
