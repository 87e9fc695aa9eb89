"""What a batch has done, in a file beside the results: it is taken up again from there, and the report is made from it."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from addin.batch.places import JOURNAL
from addin.batch.storage import Place, content_of, put, state_of
from addin.batch.work import Done
from addin.shared.exits import UserError
from addin.xlsx.files import WorkbookError

_SECONDS = 5.0
"""How long results wait to be written together: every time the disk is waited for. A file that is done again gives the same result."""
_SELDOM, _SHARE = 60.0, 20
"""So many seconds, and so many times as long as it took last, a journal is not put to its address again."""
_TABLE = "CREATE TABLE IF NOT EXISTS done(name TEXT PRIMARY KEY, run INTEGER, key TEXT, output TEXT, result TEXT)"


class Journal:
    """Results by file; ``run`` tells those of this batch from those of files that are no longer in it."""

    def __init__(self, path: Path, written: Callable[[], None] = lambda: None) -> None:
        """``written`` is told whenever results have been written."""
        self._path = path
        self._tell = written
        with self._told():
            self._base = sqlite3.connect(path, timeout=2, isolation_level="IMMEDIATE")
            try:
                self._run = self._begin()
            except BaseException:
                self._base.close()
                raise
        self._written = time.monotonic()

    def _begin(self) -> int:
        """Keep others out, and give the number of this run."""
        self._base.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._base.execute("PRAGMA synchronous=NORMAL")
        with self._base:
            self._base.execute(_TABLE)
            run: int = self._base.execute("SELECT COALESCE(MAX(run), 0) + 1 FROM done").fetchone()[0]
        return run

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._told():
                self._base.commit()
        finally:
            self._base.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What keeps the file from being written becomes a UserError."""
        try:
            yield
        except sqlite3.OperationalError as error:
            is_taken = error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            why = "另有一个 kaohe batch 正在写这个文件夹" if is_taken else "文件夹可能是只读的、没有权限或磁盘已满"
            raise UserError(f"无法使用 {self._path}：{why}（{error}）") from error
        except sqlite3.DatabaseError as error:
            raise UserError(f"{self._path} 已损坏（{error}）；请删除它再运行，各文件将重新计算") from error

    def known(self, name: str) -> tuple[str, str]:
        """Of which content the result of a file was made, and the result's own; both "" where there is none."""
        found = self._base.execute("SELECT key, output FROM done WHERE name = ?", (name,)).fetchone()
        return tuple(found) if found else ("", "")

    def take(self, name: str, done: Done | None) -> Done:
        """Note what came of a file (None: what is known of it is right still)."""
        if done is None:
            text = self._base.execute("SELECT result FROM done WHERE name = ?", (name,)).fetchone()[0]
            done = replace(Done.from_json(text), is_earlier=True)
        key, output = (done.key, done.output) if done.output else self.known(name)
        with self._told():
            self._base.execute(
                "INSERT OR REPLACE INTO done VALUES (?, ?, ?, ?, ?)", (name, self._run, key, output, done.as_json())
            )
            if time.monotonic() - self._written > _SECONDS:
                self._base.commit()
                self._tell()
                self._written = time.monotonic()
        return done

    def results(self) -> Iterator[Done]:
        """Of this run, by name."""
        found = self._base.execute("SELECT result FROM done WHERE run = ? ORDER BY name", (self._run,))
        return (Done.from_json(text) for (text,) in found)


@contextmanager
def journal_in(out: Place) -> Iterator[Journal]:
    """The journal beside the results; that of an address is worked on here and then put there. Raises UserError."""
    if isinstance(out, Path):
        with Journal(out / JOURNAL) as journal:
            yield journal
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = _Copy(Path(folder, JOURNAL), out / JOURNAL)
        try:
            with Journal(copy.here, copy.now_and_then) as journal:
                yield journal
        finally:
            try:
                copy.put()
            except WorkbookError as error:
                raise UserError(f"{error}；算过的没有记下，再次运行同一命令会重新算") from error


class _Copy:
    """A journal of which the original stands at an address: it is put there in the end, and now and then before, so that a run that
    is killed has not worked in vain.
    """

    def __init__(self, here: Path, there: Place) -> None:
        self.here, self._there = here, there
        self._before = state_of(there)
        if self._before is not None:
            here.write_bytes(content_of(there))
        self._due = time.monotonic() + _SELDOM

    def put(self) -> None:
        """Raises WorkbookError, also where somebody else has put another one there."""
        put(self._there, lambda file: file.write(self.here.read_bytes()), self._before)

    def now_and_then(self) -> None:
        """What can't be put there now may be later; what can't in the end is told."""
        if (started := time.monotonic()) < self._due:
            return
        try:
            with suppress(WorkbookError):
                self.put()
        finally:
            # What is told to have failed may have succeeded all the same.
            with suppress(WorkbookError, OSError):
                if content_of(self._there) == self.here.read_bytes():
                    self._before = state_of(self._there)
        # A long journal over a slow line is not to hold up the work.
        self._due = time.monotonic() + max(_SELDOM, _SHARE * (time.monotonic() - started))
