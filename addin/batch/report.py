"""The report of a batch: its files with state and totals, and every fault by file and cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from addin.batch.editions import Editions
from addin.batch.expected import Expected
from addin.batch.sheets import COUNTED, FILE, UNIT, Written
from addin.batch.storage import Place, State
from addin.batch.work import DONE, FAILED, FAULTY, Done

FILES = (FILE, "状态", "说明", UNIT, "方案", "版本", COUNTED, "问题", "未计算的单元格", "用时（秒）", "何时计算")
FAULTS = (FILE, "工作表", "单元格", "值", "问题")
_NOW, _EARLIER = "本次", "以前"


def write_report(place: Place, results: Callable[[], Iterator[Done]], before: State, units: Expected) -> Counter[str]:
    """Write the workbook; returns how many files there are of each state. Raises WorkbookError."""
    states: Counter[str] = Counter()
    names: dict[str, None] = {}
    for done in results():
        states[done.state] += 1
        names |= dict.fromkeys(done.totals)
    written = Written()
    overview = written.listing("概况", ("项目", "数量"), (16, 10))
    for state in (DONE, FAULTY, FAILED):
        overview.add((state, states[state]))
    overview.add(("共", states.total()))
    if units.are_known:
        overview.add(("没有报送的单位", len(units.missing)))
    if units.copies:
        overview.add(("与别的文件内容相同", sum(map(len, units.copies))))
    files = written.listing("文件", (*FILES, *names), (40, 8, 40, 24, 32, 14))
    editions = Editions()
    for done in results():
        notes = [done.note] if done.note else []
        notes += [f"与 {name} 的内容完全相同" for name in units.alike.get(done.key, ()) if name != done.name][:1]
        facts = (done.state, "；".join(notes), done.unit, done.scheme_title, editions.told(done), done.counted)
        counts = (done.fault_count, done.uncomputed, done.seconds, _EARLIER if done.is_earlier else _NOW)
        files.add((done.name, *facts, *counts, *(done.totals.get(name) for name in names)))
    faults = written.listing("问题", FAULTS, (40, 12, 10, 20, 80))
    for done in results():
        for fault in done.faults:
            faults.add((done.name, *fault))
    if units.sent:
        sending = written.listing("单位", (UNIT, "文件数", FILE), (24, 8, 60))
        for name, sent in units.sent.items():
            sending.add((name, len(sent), "、".join(sent) or "没有报送"))
        for file, unit in units.strangers:
            sending.add((unit, "名单外", file))
    written.save(place, before)
    return states
