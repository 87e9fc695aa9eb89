"""Who does the work: the processes of this computer (or others, see ``cluster``). However many files there are, only a few are under way at a time."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
_SECONDS = 5.0
"""How often it is looked whether those who do the work are there still."""
_MOST = 61
"""More processes Windows can't wait for."""


class Crew:
    """Processes on all cores; one that dies takes only its own file with it."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = min(workers or _cores(), _MOST)

    @property
    def width(self) -> int:
        """How many files are under way: nobody waits, and nothing heaps up."""
        return 2 * self.workers

    def start(self) -> Executor:
        # A copy of this process has everything loaded already; elsewhere than on Linux, copies can't be relied on.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        return ProcessPoolExecutor(self.workers, context, initializer=_begin)

    def close(self) -> None:
        """Let go what was there before the first file."""

    def check(self) -> None:
        """Raises UserError if nobody is there any more."""


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Only Linux has it.
        return os.cpu_count() or 1


def _begin() -> None:
    """Ctrl-C is for the parent: the file that is being written is finished. A parent that is gone needs no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What was there before is there to the end; there is no need to look through it for garbage.
    gc.freeze()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def through(
    crew: Crew, tasks: Iterable[Given], work: Callable[[Given], Made], lost: Callable[[Given, BaseException], Made]
) -> Generator[tuple[Given, Made], None, None]:
    """Each task with what came of it, in the order in which they are finished; ``lost`` is said of what broke the worker."""
    executor, todo = crew.start(), iter(tasks)
    running: dict[Future[Made], Given] = {}
    try:
        while True:
            suspects = []
            while len(running) < crew.width and (task := next(todo, None)) is not None:
                try:
                    running[executor.submit(work, task)] = task
                except BrokenExecutor:
                    suspects.append(task)
                    break
            if not running and not suspects:
                return
            finished = wait(running, _SECONDS, FIRST_COMPLETED).done if not suspects else set(running)
            crew.check()
            while finished:
                future = finished.pop()
                task = running.pop(future)
                error = _error(future)
                if isinstance(error, BrokenExecutor):
                    suspects.append(task)
                    finished |= running.keys()
                elif error is not None:
                    yield task, lost(task, error)
                else:
                    yield task, future.result()
            if suspects:
                executor.shutdown(wait=False, cancel_futures=True)
                # Whose fault it was shows when each is alone.
                for task in suspects:
                    alone = Crew(1).start()
                    try:
                        error = (future := alone.submit(work, task)).exception()
                    finally:
                        alone.shutdown(cancel_futures=True)
                    yield task, lost(task, error) if error is not None else future.result()
                executor = crew.start()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _error(future: Future[Made]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


def in_order(crew: Crew, tasks: Iterable[Given], work: Callable[[Given], Made]) -> Generator[Made, None, None]:
    """What comes of each task, in the tasks' order; an error of one is raised."""
    executor, todo = crew.start(), iter(tasks)
    running: list[Future[Made]] = []
    try:
        while True:
            while len(running) < crew.width and (task := next(todo, None)) is not None:
                running.append(executor.submit(work, task))
            if not running:
                return
            while not wait(running[:1], _SECONDS).done:
                crew.check()
            yield running.pop(0).result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
