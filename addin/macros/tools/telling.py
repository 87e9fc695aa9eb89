"""An outcome as JSON has it, for the hosts that read it from another process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from addin.macros.macro import Message, Outcome
from udfs import CellError


def told(outcome: Outcome, messages: Iterable[Message], files: Iterable[Path]) -> dict[str, Any]:
    """The outcome with these messages, its documents being these files."""
    return {
        "messages": [asdict(message) for message in messages],
        "edits": [{**asdict(edit), "value": plain(edit.value)} for edit in outcome.edits],
        "documents": [str(file) for file in files],
        "summary": outcome.summary,
    }


def plain(value: Any) -> Any:
    """A cell's value as JSON has it and a cell takes it."""
    if isinstance(value, CellError):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value
