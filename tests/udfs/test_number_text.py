"""Numbers as text against what Excel was seen to write (the table of Apache POI's NumberToTextConverter)."""

from __future__ import annotations

from pathlib import Path

from udfs.values import number_text

TABLE = Path(__file__).with_name("number_text.txt")


def test_as_excel_writes_them() -> None:
    pairs = [line.split(" -> ") for line in TABLE.read_text("utf-8").splitlines()]
    assert [number_text(float(number)) for number, _ in pairs] == [text for _, text in pairs]
