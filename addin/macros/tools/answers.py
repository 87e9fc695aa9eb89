"""What was answered for a workbook's macro last time, kept in the user's own folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress

from addin.macros.macro import Kind, Macro, Option
from addin.macros.tools.options import given_options
from addin.portable.replacing import replace
from addin.portable.userfolder import user_folder

ANSWERS = "answers.json"
MOST_WORKBOOKS = 200
_FORGOTTEN = (Kind.PERSON, Kind.PEOPLE, Kind.DATE, Kind.FILE)
"""What is another one each time."""


def is_kept(macro: Macro, option: Option) -> bool:
    """Whether the answer to an option is proposed the next time."""
    about_one = option.kind is Kind.COLUMNS and any(other.kind is Kind.PERSON for other in macro.options)
    return option.kept and option.kind not in _FORGOTTEN and not about_one


def remembered(workbook: str, macro: Macro) -> dict[str, str]:
    """What was answered for a workbook's macro last time."""
    answers = _answers().get(workbook, {}).get(macro.name, {}) if workbook else {}
    kept = {option.name for option in macro.options if is_kept(macro, option)}
    return {name: text for name, text in answers.items() if name in kept and isinstance(text, str)}


def remember(workbook: str, macro: Macro, options: Iterable[str]) -> None:
    """Keep what was answered (``NAME=VALUE``); where the folder can't be written, nothing is kept. Raises UserError."""
    given = list(options)
    given_options(macro, given)
    kept = {option.label: option.name for option in macro.options if is_kept(macro, option)}
    texts = {name.strip(): text.strip() for name, _, text in (each.partition("=") for each in given)}
    answers = _answers()
    last = {kept.get(name, name): text for name, text in texts.items() if name in kept or name in kept.values()}
    of_workbook = {**answers.pop(workbook, {}), macro.name: last}
    answers = {**dict(list(answers.items())[-MOST_WORKBOOKS + 1 :]), workbook: of_workbook}
    content = json.dumps(answers, ensure_ascii=False, indent=1).encode()
    with suppress(OSError):
        user_folder().mkdir(parents=True, exist_ok=True)
        replace(user_folder() / ANSWERS, lambda file: file.write(content))


def _answers() -> dict[str, dict[str, dict[str, str]]]:
    try:
        found = json.loads((user_folder() / ANSWERS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and all(isinstance(each, dict) for each in found.values()) else {}
