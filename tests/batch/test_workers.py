"""What is told of a cluster's workers: none, lost ones, ones of another version, ones that don't see the folders."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from addin.batch import cluster
from addin.batch.cluster import Cluster
from addin.shared.exits import UserError

ADDRESS = "tcp://h:8786"
OURS = version("kaohe")


class Client:
    """Stands in for distributed's: ``threads`` by worker, and what the workers answer."""

    def __init__(self, address: str, timeout: float, set_as_default: bool) -> None:
        assert (address, timeout, set_as_default) == (ADDRESS, cluster._SECONDS, False)
        self.status, self.threads, self.is_closed = "running", {"a": 1, "b": 4}, False
        self.answers: dict[str, Any] = {}
        self.waited: list[tuple[int, float]] = []

    def wait_for_workers(self, count: int, timeout: float) -> None:
        self.waited.append((count, timeout))

    def nthreads(self) -> dict[str, int]:
        if self.status != "running":
            raise OSError("closed")
        return self.threads

    def run(self, work: Callable[..., Any], *given: Any) -> dict[str, Any]:
        return {worker: answer(work, *given) for worker, answer in self.answers.items()}

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    monkeypatch.setattr("distributed.Client", Client)
    return Cluster(ADDRESS)


def test_twice_as_many_files_are_under_way_as_there_are_threads(crew: Cluster) -> None:
    assert crew._client.waited == [(1, cluster._SECONDS)]
    assert crew.width == 10
    crew._client.threads = {}
    assert crew.width == 2
    crew._client.status = "closed"
    with pytest.raises(UserError, match=f"^与调度程序 {ADDRESS} 的连接中断"):
        _ = crew.width
    assert not crew._client.is_closed
    crew.close()
    assert crew._client.is_closed


def test_without_a_worker_the_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Client] = []

    class Alone(Client):
        def wait_for_workers(self, count: int, timeout: float) -> None:
            made.append(self)
            raise TimeoutError

    monkeypatch.setattr("distributed.Client", Alone)
    with pytest.raises(
        UserError,
        match=f"^调度程序 {ADDRESS} 没有工作程序；请先在各台电脑上运行 dask worker {ADDRESS} --nworkers auto --nthreads 1$",
    ):
        Cluster(ADDRESS)
    assert made[0].is_closed


def test_lost_workers_are_waited_for_a_while(crew: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    now, client = [1000.0], crew._client
    monkeypatch.setattr("addin.batch.cluster.time.monotonic", lambda: now[0])
    crew.check()
    client.threads = {}
    crew.check()
    now[0] += cluster._PATIENCE
    crew.check()
    client.threads = {"a": 1}
    crew.check()
    client.threads = {}
    now[0] += 1
    crew.check()
    now[0] += cluster._PATIENCE
    crew.check()
    now[0] += 1
    with pytest.raises(UserError, match=f"^调度程序 {ADDRESS} 的工作程序都已失去联系"):
        crew.check()
    client.threads, client.status = {"a": 1}, "closed"
    with pytest.raises(UserError, match="的连接中断"):
        crew.check()


def test_workers_have_the_same_version_and_see_the_folders(crew: Cluster, tmp_path: Path) -> None:
    def answer(found: str, seen: bool) -> Callable[..., Any]:
        return lambda work, *given: found if work is version else seen

    client = crew._client
    client.answers = {"a": answer(OURS, True), "b": answer(OURS, True)}
    crew.compare([tmp_path])
    client.answers["b"] = answer("0.0.9", True)
    with pytest.raises(UserError, match=f"^工作程序 b 的 kaohe 是 0.0.9 版，这里是 {OURS} 版；请装成一样$"):
        crew.compare([tmp_path])
    client.answers["b"] = answer(OURS, False)
    crew.compare([])
    with pytest.raises(UserError, match=f"^工作程序 b 看不到 {tmp_path}；请把共享文件夹"):
        crew.compare([tmp_path])

    def fails(*_: Any) -> Any:
        raise ModuleNotFoundError("kaohe")

    client.answers = {"a": fails}
    with pytest.raises(UserError, match="没有安装 kaohe（kaohe）"):
        crew.compare([])
