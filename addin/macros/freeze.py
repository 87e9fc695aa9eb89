"""固化数值: a copy of the workbook with values instead of formulas, for people without the functions."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import PurePath
from typing import Any

from addin.checking.meanings import FROZEN, ORIGINAL
from addin.macros.macro import RESULTS, Document, Message, Outcome, Progress, Subject, macro
from addin.macros.printing.newsheet import add_sheet
from addin.macros.printing.paper import stem
from addin.macros.tools.frozen import frozen_sheet, frozen_table
from addin.macros.tools.soundness import FORCE, refusal, warning
from addin.macros.tools.workdays import chinese
from addin.portable.archive import rewrite
from addin.xlsx.files import WorkbookError
from addin.xlsx.package import DAMAGED, UnsafeXml, transcoded
from addin.xlsx.parts import child, main_part, parsed, without_chain, written

DIGITS, GROUP = 16, 4


@macro(
    "freeze",
    "固化数值",
    "Freeze values",
    "另做一个只有数值、没有公式的副本，没有安装本软件的人也能看；注明日期和原文件的指纹。",
    "Makes a copy with values instead of formulas, for people without the add-in, with date and fingerprint.",
    RESULTS,
    "PasteValues",
    FORCE,
)
def freeze(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    if refused := refusal(subject, options, "固化的副本"):
        return refused
    mark = fingerprint(subject.session.content)
    try:
        content, count = _frozen(subject, mark, progress)
    except (*DAMAGED, UnsafeXml, ValueError) as error:
        raise WorkbookError(f"{subject.name} 已损坏或写法特别，无法固化（{error}）") from error
    messages = [
        Message(f"这一格无法计算（{problem.message}），固化的是原来保存的值", problem.sheet, problem.cell)
        for problem in subject.problems
    ]
    messages += warning(subject)[1]
    name = f"{stem(subject)}_固化{PurePath(subject.name).suffix}"
    return Outcome(
        tuple(messages),
        documents=(Document(name, content),),
        summary=f"{count} 个公式换成了数值；原文件的指纹 {mark}",
        sound=not messages,
    )


def fingerprint(content: bytes) -> str:
    """The first digits of the SHA-256 of a file, in groups that can be read aloud."""
    digits = hashlib.sha256(content).hexdigest()[:DIGITS].upper()
    return "-".join(digits[place : place + GROUP] for place in range(0, DIGITS, GROUP))


def _frozen(subject: Subject, mark: str, progress: Progress) -> tuple[bytes, int]:
    session, package = subject.session, subject.session.package
    parts = {name: package.read(name) for name in package.namelist()} | session.changed_parts()
    sheets, total = set(subject.book.workbook.parts.values()), 0
    for done, part in enumerate(sorted(sheets)):
        progress(done, len(sheets), "固化数值")

        def without_formulas(xml: bytes) -> bytes:
            nonlocal total
            new, count = frozen_sheet(xml)
            total += count
            return new

        parts[part] = transcoded(parts[part], without_formulas)
    for part in [name for name in parts if re.search(r"/tables/[^/]*\.xml$", name)]:
        parts[part] = frozen_table(parts[part])
    unchained, chains = without_chain(package)
    parts |= unchained
    main = main_part(package)
    _ask_for_no_links(parts, main)
    add_sheet(parts, main, FROZEN, _told(subject, mark, total))
    progress(len(sheets), len(sheets), "固化数值")
    stream = io.BytesIO()
    rewrite(io.BytesIO(session.content), stream, {n: c for n, c in parts.items() if n not in chains}, chains)
    return stream.getvalue(), total


def _told(subject: Subject, mark: str, count: int) -> list[tuple[str, str]]:
    now = subject.now
    return [
        (FROZEN, "本文件是只有数值的副本，公式已换成计算结果；需要重新计算时，请使用原文件。"),
        (ORIGINAL, subject.name),
        ("固化时间", f"{chinese(now.date())} {now:%H:%M}"),
        ("原文件指纹", mark),
        ("", f"原文件 SHA-256 的前 {DIGITS} 位；与手中原文件的相同，就说明本副本出自它。"),
        ("换成数值的公式", f"{count} 个"),
        *([("注意", warned)] if (warned := warning(subject)[0]) else []),
    ]


def _ask_for_no_links(parts: dict[str, bytes], main: str) -> None:
    """Nothing is left that other workbooks could update; without this Excel would ask on opening."""
    book = parsed(parts[main])
    properties = child(book, "workbookPr")
    if properties is not None and child(book, "externalReferences") is not None:
        properties.set("updateLinks", "never")
        parts[main] = written(book)
