"""A long list as a Parquet file, written by parts: each column has one type, and what doesn't fit stands in a column of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from typing import Any

from addin.batch.sheets import FILE, UNIT
from addin.batch.storage import Place, put, state_of
from addin.batch.work import Done
from addin.shared.exits import UserError, not_loaded
from addin.shared.texts import shown
from addin.xlsx.model import BLANK, is_number

OTHERS = "不是数字的值"
_PART = 50_000


class Parquet:
    def __init__(self, place: Place, columns: Sequence[str], numbers: Sequence[str]) -> None:
        try:
            import pandas as pd
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise UserError(f"行数超过一张工作表，要另写 Parquet 文件，需要 pyarrow，{not_loaded(error)}") from error
        self._place, self._columns, self._numbers = place, columns, set(numbers)
        fields = [(FILE, pa.string()), (UNIT, pa.string())]
        fields += [(name, pa.float64() if name in self._numbers else pa.string()) for name in columns]
        self._schema = pa.schema([*fields, (OTHERS, pa.string())])
        self._frame, self._table = pd.DataFrame, pa.Table.from_pandas
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._writer = pq.ParquetWriter(self._file, self._schema)
        self._rows: list[list[Any]] = []

    def add(self, done: Done, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            others = []
            cells: list[Any] = [done.name, done.unit]
            for name, value in zip(self._columns, row, strict=True):
                if name not in self._numbers:
                    value = None if value in BLANK else shown(value)
                elif not is_number(value):
                    others += [f"{name}={shown(value)}"] if value not in BLANK else []
                    value = None
                cells.append(value)
            self._rows.append([*cells, "；".join(others) or None])
        if len(self._rows) >= _PART:
            self._flush()

    def _flush(self) -> None:
        frame = self._frame(self._rows, columns=self._schema.names)
        self._writer.write_table(self._table(frame, schema=self._schema, preserve_index=False))
        self._rows = []

    def save(self) -> tuple[str, ...]:
        """Raises WorkbookError."""
        self._flush()
        self._writer.close()
        self._file.seek(0)
        notes = put(self._place, lambda file: shutil.copyfileobj(self._file, file), state_of(self._place))
        self._file.close()
        return (*notes, f"行数超过一张工作表，分在几张中；全部的行另见 {self._place}")
