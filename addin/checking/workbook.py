"""What is wrong with a computed workbook, each true cause in one line: the door for all commands and macros."""

from __future__ import annotations

from collections.abc import Iterator

from addin.checking.displayed import displayed_faults
from addin.checking.errors import error_faults
from addin.checking.fault import Fault
from addin.checking.formulas import formula_faults
from addin.checking.made import is_as_before
from addin.checking.meanings import frozen_fault, meaning_faults, whole_faults
from addin.checking.merged import merged_faults
from addin.checking.rows import ELSEWHERE, FOLLOWS, is_empty, parameter_faults, row_faults, structure_fault
from addin.checking.spellings import ALIKE, AS_TWO, NO_PERSON, OF_PERSON, list_faults, spelling_faults
from addin.checking.summary import broken_balances, is_broken, overwritten_figures, summary_errors
from addin.checking.tables import AS_PERSON, INSERTED, checked, table_faults
from addin.headless.session import Session
from addin.xlsx.book import Book
from workbook_templates.scheme.names import BOARD
from workbook_templates.scheme.sentences import SPOILT
from workbook_templates.workbook.sheets.carried import SHEET

__all__ = ["Fault", "all_faults", "faults_of_whole", "has_checks"]

LOST = "工作簿带的方案（隐藏的工作表 {}）被删去了，也没有同名的方案文件，没有与方案核对；请撤销，或用原来的工作簿"
UNREAD = "工作簿中的方案这一版读不了，也没有同名的方案文件，没有与方案核对：{}"
_INSERTED = INSERTED.partition("{}")[2]
_AS_PERSON = AS_PERSON.partition("{}")[2]


def has_checks(book: Book) -> bool:
    return bool(checked(book))


def faults_of_whole(session: Session) -> list[Fault]:
    """What is wrong beyond single rows: parameters, tables and their formulas, balances, and what 汇总 can't compute.

    Nothing that depends on these can be relied on.
    """
    book = session.book
    causes = _of_whole(session)
    if causes := causes or list(structure_fault(book)):
        return causes
    found = _of_summary(book, told=False)
    if against := _against_scheme(session, told=not all(map(is_broken, found))):
        return against + found
    return found if any(row_faults(book)) else _with_errors(book, found)


def all_faults(session: Session) -> list[Fault]:
    """Everything that is wrong, the causes before what follows from them, which is told only where no cause was found."""
    book = session.book
    if not has_checks(book):
        cells = _of_cells(session)
        errors = [fault for fault in error_faults(book) if not _follows(fault, cells)]
        return [*whole_faults(book), *cells, *errors]
    whole = _of_whole(session)
    unreadable = {fault.sheet for fault in whole if _INSERTED in fault.rule}
    structure = [] if whole else list(structure_fault(book))
    # Of what is wrong elsewhere every row tells; it is told once, where it stands.
    rows = [
        fault
        for fault in row_faults(book)
        if not ((whole or structure) and fault.rule.startswith(ELSEWHERE)) and fault.sheet not in unreadable
    ]
    rows = _but_for(whole, list(_first_causes(rows)))
    causes = whole + structure + rows
    if any(frozen_fault(book)):
        return causes
    summary = [] if whole else _of_summary(book, told=bool(causes))
    # A balance that does not hold is no cause: a column altered as a whole may be one.
    against = _against_scheme(session, told=bool(causes) or not all(map(is_broken, summary)))
    causes += summary
    if whole:
        found = causes + against
    else:
        found = against + causes if against or structure or rows else _with_errors(book, causes)
    return [*found, *displayed_faults(book)]


def _first_causes(rows: list[Fault]) -> Iterator[Fault]:
    """Without what follows from other tables' rows, which is told of those."""
    follows = {SPOILT.format(sheet) for sheet in {fault.sheet for fault in rows}}
    return (fault for fault in rows if fault.rule not in follows)


def _follows(error: Fault, cells: list[Fault]) -> bool:
    """Whether its reason is told of the cells themselves."""
    causes = {ALIKE: AS_TWO, NO_PERSON: _AS_PERSON}
    return any(
        error.rule.endswith(reason) and any(fault.rule.endswith(cause) for fault in cells)
        for reason, cause in causes.items()
    )


def _of_whole(session: Session) -> list[Fault]:
    book = session.book
    found = list(frozen_fault(book)) or [
        *meaning_faults(book),
        *parameter_faults(book),
        *table_faults(book),
        *_of_cells(session),
        *formula_faults(book, session.skeleton),
        *overwritten_figures(book),
    ]
    found = _but_for(found, found)
    return [fault for fault in found if not fault.rule.startswith(FOLLOWS)] or found


def _but_for(alike: list[Fault], faults: list[Fault]) -> list[Fault]:
    """Without what follows from texts that only look right."""
    cells = {(fault.sheet, fault.cell) for fault in alike if _is_alike(fault)}
    return [fault for fault in faults if (fault.sheet, fault.cell) not in cells or _is_alike(fault)]


def _is_alike(fault: Fault) -> bool:
    return fault.rule.endswith((AS_TWO, OF_PERSON))


def _of_cells(session: Session) -> list[Fault]:
    """Cells that are not to functions what they are to readers."""
    book = session.book
    listed = dict.fromkeys(list_faults(book, session.skeleton))
    return [*merged_faults(session), *spelling_faults(book, session.skeleton), *listed]


def _of_summary(book: Book, told: bool) -> list[Fault]:
    """Balances that do not hold; and of what can't be known the cause: rows in error, else where the error arises."""
    balances = list(broken_balances(book))
    broken = [fault for fault in balances if is_broken(fault)]
    if told or is_empty(book):
        return broken
    errors = list(summary_errors(book))
    if not errors:
        return balances
    # The charts' figures are errors wherever something has not passed.
    arising = [fault for fault in error_faults(book) if fault.sheet != BOARD]
    return [*(list(_first_causes(list(row_faults(book)))) or arising or errors), *broken]


def _with_errors(book: Book, found: list[Fault]) -> list[Fault]:
    """With the results in error of rows that are all right themselves, though no figure of 汇总 may read them."""
    sheets = dict.fromkeys(each.table.sheet for each in checked(book))
    return found + [fault for fault in error_faults(book, sheets) if fault not in found]


def _against_scheme(session: Session, told: bool) -> list[Fault]:
    if not has_checks(session.book) or is_as_before(session):
        return []
    # Schemes and the builder of workbooks take longer to load than a check of a few rows.
    from addin.checking.carried import is_made, refusal, scheme_of
    from addin.checking.comparison import against_scheme, lost, missing

    if (scheme := scheme_of(session.book, session.package)) is None:
        if not (reason := refusal(session.book)):
            home = session.book.sheets[0]
            return [Fault(home, "A1", SHEET, LOST.format(SHEET))] if is_made(session.book) else []
        unread = Fault(SHEET, "B1", session.book.value(SHEET, 0, 1), UNREAD.format(reason))
        return [unread, *lost(session.book)]
    found = missing(session.book, scheme)
    return found if told or found or _is_unknown(session) else against_scheme(session, scheme)


def _is_unknown(session: Session) -> bool:
    """Whether cells of the tables may hold old values, since something could not be computed, which is told by itself."""
    homes = {table.sheet for table in session.book.tables.values()}
    return any(problem.sheet in homes or problem.dependents for problem in session.problems)
