"""The options of a macro in boxes of one line of text, the one dialog that VBA has of its own: lists with numbers to choose by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from addin.macros.asking import Question
from addin.macros.macro import Kind, Macro
from addin.macros.tools.options import given_options
from addin.shared.exits import UserError
from addin.shared.widths import width

LONGEST = 1000
"""Of a box's text, in columns: of VBA's 1,024 characters a Chinese one takes two. What is longer it cuts."""

LONGEST_TYPED = 252
"""Of what is typed, likewise: VBA cuts it to 254 and says nothing ("InputBox function")."""
_LONGEST_VALUE = 44
_MORE = "……"
_REST = "……其余请写名称"
_CLEAR = "0"
_BETWEEN = re.compile(r"[,，、\s]+")


@dataclass
class Box:
    """What is asked now, and what has been answered."""

    macro: Macro
    questions: list[Question]
    answers: dict[str, str] = field(default_factory=dict)
    open: Question | None = None
    trouble: str = ""

    def __post_init__(self) -> None:
        self.answers = {question.name: question.default for question in self.questions if question.default}

    @property
    def options(self) -> list[str]:
        return [f"{name}={value}" for name, value in self.answers.items()]

    def text(self) -> str:
        """What the box says: all options on one page, or the list of one."""
        told = self._all() if self.open is None else self._one(self.open)
        return _cut(f"【{self.trouble}】\n{told}" if self.trouble else told, LONGEST)

    def _all(self) -> str:
        lines = [
            f"{number} {question.label}：{_short(self.answers.get(question.name, '')) or '（不填）'}"
            for number, question in enumerate(self.questions, start=1)
        ]
        return "\n".join(["直接按“确定”就开始。要改哪一项，请输入它的编号：", *lines])

    def _one(self, question: Question) -> str:
        now = _short(self.answers.get(question.name, ""), LONGEST_TYPED) or "（不填）"
        head = f"{question.label}：{question.description}\n现在是：{now}\n"
        if not question.choices:
            return f"{head}请填写；输入 {_CLEAR} 清空，直接按“确定”不改。"
        listed = "　".join(f"{number} {choice}" for number, choice in enumerate(question.choices, start=1))
        how = "请输入编号（几个用逗号隔开）" if question.several else "请输入编号"
        head += f"{how}；输入 {_CLEAR} 清空，直接按“确定”不改。\n"
        room = LONGEST - width(f"【{self.trouble}】\n{head}")
        return head + (listed if width(listed) <= room else _cut(listed, room - width(_REST)) + _REST)

    def answer(self, typed: str) -> bool:
        """Take what was typed; whether that was all."""
        self.trouble = ""
        if width(typed) > LONGEST_TYPED:
            self.trouble = f"太长，可能被截断，没有采用：一次最多填 {LONGEST_TYPED // 2} 个汉字"
            return False
        typed = typed.strip()
        if self.open is not None:
            asked, self.open = self.open, None
            self._take(asked, typed)
            return False
        if not typed:
            return True
        which, equals, value = re.sub("＝", "=", typed, count=1).partition("=")
        question = self._named(which.strip())
        if question is None:
            self.trouble = f"没有 {which.strip()}，请输入下面的编号"
        elif equals:
            self._take(question, value.strip())
        else:
            self.open = question
        return False

    def _named(self, which: str) -> Question | None:
        """The question of this number or name."""
        numbered = enumerate(self.questions, start=1)
        return next((each for number, each in numbered if which in (str(number), each.label, each.name)), None)

    def _take(self, question: Question, typed: str) -> None:
        if typed == _CLEAR and question.kind != Kind.NUMBER.value:
            self.answers.pop(question.name, None)
            return
        if not typed:
            return
        parts = _BETWEEN.split(typed) if question.several or question.choices else [typed]
        numbers = range(1, len(question.choices) + 1)
        chosen = [
            question.choices[int(part) - 1] if part.isdecimal() and int(part) in numbers else part for part in parts
        ]
        value = "、".join(chosen)
        try:
            if question.choices and (unknown := [part for part in chosen if part not in question.choices]):
                raise UserError(f"没有 {'、'.join(unknown)}")
            given_options(self.macro, [f"{question.name}={value}"])
        except UserError as error:
            self.trouble, self.open = str(error), question
            return
        self.answers[question.name] = value


def fitted(text: str) -> str:
    """A text as a box shows it, with a sign where it is cut."""
    return text if width(text) <= LONGEST else f"{_cut(text, LONGEST - width(_MORE))}{_MORE}"


def _cut(text: str, room: int) -> str:
    """The beginning of a text, as much as has room."""
    while text and width(text) > room:
        text = text[: len(text) - max(1, (width(text) - room) // 2)]
    return text


def _short(value: str, room: int = _LONGEST_VALUE) -> str:
    return value if width(value) <= room else f"{_cut(value, room)}{_MORE}"
