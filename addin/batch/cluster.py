"""The work done by the processes of a Dask cluster; what comes of it is the same as on one computer."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from concurrent.futures import Executor
from importlib.metadata import version
from typing import Any

from addin.batch.crew import Crew
from addin.batch.storage import Place, sees
from addin.shared.exits import UserError, not_loaded

_RETRIES = 2
_SECONDS = 15
"""How long to wait for the scheduler and the first worker."""
_PATIENCE = 120
"""How long to wait for a worker when all are gone."""


class Cluster(Crew):
    """Workers of a scheduler; what a lost one had in hand, others do again."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise UserError(f"--scheduler 需要 distributed，{not_loaded(error)}") from error
        # What they tell of a connection that breaks off are pages; it is told in a sentence.
        for library in ("distributed", "tornado"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        self._address, self._alone_since = address, 0.0
        try:
            self._client: Any = Client(address, timeout=_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise UserError(f"连接不上调度程序 {address}；请检查地址（形如 tcp://主机:8786）和它是否在运行") from error
        try:
            self._client.wait_for_workers(1, timeout=_SECONDS)
        except TimeoutError as error:
            self.close()
            raise UserError(
                f"调度程序 {address} 没有工作程序；请先在各台电脑上运行 dask worker {address} --nworkers auto --nthreads 1"
            ) from error

    def close(self) -> None:
        self._client.close()

    @property
    def width(self) -> int:
        return 2 * max(1, self._threads())

    def _threads(self) -> int:
        """Of all workers together; raises UserError."""
        try:
            return sum(map(int, self._client.nthreads().values()))
        except OSError as error:
            raise self._broken() from error

    def _broken(self) -> UserError:
        return UserError(f"与调度程序 {self._address} 的连接中断；再次运行同一命令接着算")

    def start(self) -> Executor:
        from distributed.cfexecutor import ClientExecutor

        class Workers(ClientExecutor):  # type: ignore[misc]
            def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
                super().shutdown(wait=wait and not cancel_futures)

        executor: Executor = Workers(self._client, pure=False, retries=_RETRIES)
        return executor

    def check(self) -> None:
        if self._client.status != "running":
            raise self._broken()
        if self._threads():
            self._alone_since = 0.0
        elif not self._alone_since:
            self._alone_since = time.monotonic()
        elif time.monotonic() - self._alone_since > _PATIENCE:
            raise UserError(f"调度程序 {self._address} 的工作程序都已失去联系；再次运行同一命令接着算")

    def compare(self, places: Iterable[Place]) -> None:
        """Raise UserError for workers with another version of the program, or that don't see the folders."""
        try:
            versions = self._client.run(version, "kaohe")
        except Exception as error:
            raise UserError(f"有的工作程序所在的电脑没有安装 kaohe（{error}）") from error
        for worker, found in versions.items():
            if found != version("kaohe"):
                raise UserError(f"工作程序 {worker} 的 kaohe 是 {found} 版，这里是 {version('kaohe')} 版；请装成一样")
        for place in places:
            for worker, is_seen in self._client.run(sees, place).items():
                if not is_seen:
                    raise UserError(f"工作程序 {worker} 看不到 {place}；请把共享文件夹在各台电脑上挂载到相同的位置")
