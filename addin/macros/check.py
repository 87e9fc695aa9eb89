"""校验数据: every error of a workbook, by cell: its inputs, its tables and formulas, its balances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from addin.checking.doubts import doubts
from addin.checking.fault import folded
from addin.checking.rows import is_empty, waiting
from addin.checking.workbook import Fault, all_faults, has_checks
from addin.headless.session import Session
from addin.macros.macro import COMPUTING, Message, Outcome, Progress, Subject, macro
from addin.xlsx.book import Book

DOUBTED = "请核对"


@macro(
    "check",
    "校验数据",
    "Check data",
    "检查填写的数据、表和公式、核对，按单元格列出每一处错误；工作簿不改动。",
    "Lists every error of inputs, tables, formulas and balances by cell; the workbook is not changed.",
    COMPUTING,
    "DataValidation",
)
def check(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    progress(0, 1, "校验数据")
    found, doubtful = all_faults(subject.session), doubts(subject.session)
    progress(1, 1, "校验数据")
    messages = (*messages_of(found), *(Message(f"{DOUBTED}：{d.told}", d.sheet, d.cell) for d in doubtful))
    return Outcome(messages, summary=summed_up(subject.book, found, doubtful), sound=not found)


def summed_up(book: Book, found: list[Fault], doubtful: list[Fault]) -> str:
    """How much is wrong, how much is only to be filled in yet, and how much somebody should look at."""
    told = _of_faults(book, found)
    return f"{told}；{len(doubtful)} 处{DOUBTED}" if doubtful else told


def wrong_told(session: Session, found: list[Fault], doubtful: list[Fault]) -> str:
    """How much is wrong, and how many cells are not computed; empty where nothing is."""
    cells = sum(problem.count for problem in session.problems)
    parts = [summed_up(session.book, found, doubtful)] if found else []
    return "，".join([*parts, f"{cells} 个单元格无法计算"] if cells else parts)


def _of_faults(book: Book, found: list[Fault]) -> str:
    if not found and not has_checks(book):
        return "没有“校验”列，填写的数据没有检查；公式中没有发现错误值"
    if not found and is_empty(book):
        return "还没有填写；参数和公式中没有发现错误，请填写以后再校验"
    if not found:
        return "填写的数据全部通过校验"
    rows = waiting(book)
    more = f"；另有 {rows} 行要等改正以后才检查，请改正后再校验一次" if rows else ""
    return f"共 {counted(found)}{more}"


def counted(found: Sequence[Fault]) -> str:
    """How many faults, those apart that are only to be filled in yet."""
    unfinished = sum(fault.is_unfinished for fault in found)
    parts = [(len(found) - unfinished, "处错误"), (unfinished, "处待填")]
    return "，".join(f"{count} {what}" for count, what in parts if count)


def messages_of(faults: Iterable[Fault]) -> list[Message]:
    return [Message(fault.told, fault.sheet, fault.cell) for fault in folded(faults)]
