"""What a check of the installation has found: ``kaohe doctor`` prints these."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class State(enum.Enum):
    GOOD = "正常"
    NOTE = "提示"
    BAD = "问题"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, and how to mend it if it is bad."""

    state: State
    told: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"[{self.state.value}] {self.told}" + (f"\n       办法：{self.remedy}" if self.remedy else "")


def good(told: str) -> Finding:
    return Finding(State.GOOD, told)


def note(told: str, remedy: str = "") -> Finding:
    return Finding(State.NOTE, told, remedy)


def bad(told: str, remedy: str) -> Finding:
    return Finding(State.BAD, told, remedy)
