"""加人: people by their names at the end of the table of people."""

from __future__ import annotations

from typing import Any

from addin.macros.growing.growth import table_of
from addin.macros.growing.roster import filled_in, names
from addin.macros.macro import FILLING, Kind, Option, Outcome, Progress, Subject, macro
from addin.macros.subject.tables import people
from addin.shared.exits import UserError


@macro(
    "add",
    "加人",
    "Add people",
    "在人员表末尾加人，表自动加长，公式、格式、校验都带上；打在表下面的人也收进表内。",
    "Adds people at the end of their table, which grows with formulas and formats; who stands below it is taken in.",
    FILLING,
    "DistributionListAddNewMember",
    Option("names", "姓名", Kind.TEXT, None, "要加的人，几个姓名之间用顿号隔开", kept=False),
    Option("table", "表", Kind.TABLE, None, "人员在哪个表；不填则自动选择"),
)
def add(subject: Subject, options: dict[str, Any], progress: Progress) -> Outcome:
    found = people(subject, options["table"])
    table = table_of(subject, found.name)
    outcome = filled_in(subject, table, names(options["names"] or "", found.person))
    if not options["names"] and not outcome.edits:
        raise UserError("没有填写要加的人（选项“姓名”）")
    return outcome
