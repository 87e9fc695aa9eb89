"""Which mistakes the tests notice: ``python -m tests.mutation [--sample N | --all]``.

Each mutant is tried in a process of its own, forked from one that has read all libraries, so that a mutant costs little more than
the tests that it takes to notice it. The sample is the same every time.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from hashlib import sha256
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from tests.mutation.mutants import Mutant, mutants, mutated

PROJECT = Path(__file__).parents[2]
SAMPLE = 40
LONGEST = 60
TIMES = 4
"""Seconds, and times what the tests take without a mistake; what takes longer goes round in circles, and is noticed."""

EXAMPLES = 25
NOT_NEEDED = ("cacheprovider", "xdist", "randomly", "unraisableexception")
"""Plugins; the last one looks through all objects several times before a process ends."""
OURS = ("udfs", "addin", "workbook_templates", "tests")
NOTICED, SURVIVED = 1, 0


@dataclass(frozen=True)
class Part:
    """Code with the tests that stand nearest to it, quickest first."""

    name: str
    files: tuple[str, ...]
    without: tuple[str, ...]
    tests: tuple[str, ...]

    def paths(self) -> list[Path]:
        found = {path for pattern in self.files for path in PROJECT.glob(pattern)}
        return sorted(path for path in found if path.name not in self.without)


PARTS = (
    Part(
        "udfs",
        ("udfs/*.py",),
        # Declarations, and what only makes things quicker.
        ("__init__.py", "registry.py", "vocabulary.py", "memory.py"),
        ("tests/functions/test_cases.py", "tests/udfs"),
    ),
    Part(
        "functions",
        ("addin/headless/functions/*.py",),
        ("__init__.py",),
        ("tests/headless/test_values.py", "tests/headless/test_ordinary.py", "tests/headless/test_inverses.py"),
    ),
    Part(
        "engine",
        (
            "addin/headless/areas.py",
            "addin/headless/blocks.py",
            "addin/headless/choices.py",
            "addin/headless/evaluate.py",
            "addin/headless/foreseen.py",
            "addin/headless/memory.py",
            "addin/headless/operators.py",
            "addin/headless/ordinaries.py",
            "addin/headless/schedule.py",
            "workbook_templates/formula/*.py",
        ),
        ("__init__.py", "excelfunctions.py", "signatures.py"),
        ("tests/headless", "tests/workbook_templates/formula", "tests/workbook_templates/test_scheme.py"),
    ),
    Part(
        "calc",
        # What needs no LibreOffice.
        ("addin/calc/component/cells.py", "addin/calc/component/names.py"),
        (),
        ("tests/calc/test_cells.py", "tests/calc/test_names.py"),
    ),
)


class _Mistaken(MetaPathFinder, Loader):
    """Gives one module with the mistake in it; all others come as they are."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = ".".join(mutant.path.relative_to(PROJECT).with_suffix("").parts)

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        return spec_from_loader(fullname, self, origin=str(self._mutant.path)) if fullname == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(mutated(self._mutant), self._mutant.path, "exec"), module.__dict__)


class _Quickly:
    """Few examples, and the file of tests first that is called as the one with the mistake."""

    def __init__(self, mutant: Mutant | None) -> None:
        self._first = "" if mutant is None else f"test_{mutant.path.name}"

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items.sort(key=lambda item: item.path.name != self._first)

    def pytest_collection(self) -> None:
        """The tests' profile is set when their conftest.py is read; this one afterwards."""
        settings.register_profile(
            "mutation",
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutation")


def _tried(mutant: Mutant | None, part: Part) -> int:
    """In a child process: whether the part's tests notice the mistake."""
    import pytest

    for name in [name for name in sys.modules if name.partition(".")[0] in OURS and name != "tests.mutation.mutants"]:
        del sys.modules[name]
    if mutant is not None:
        sys.meta_path.insert(0, _Mistaken(mutant))
    options = ["-x", "-q", "--assert=plain", *(f"-pno:{plugin}" for plugin in NOT_NEEDED)]
    code = pytest.main([*options, *part.tests], plugins=[_Quickly(mutant)])
    return SURVIVED if code == pytest.ExitCode.OK else NOTICED


def _forked(mutant: Mutant | None, part: Part, longest: int) -> int:
    """The id of a process that ends with NOTICED or SURVIVED, after so many seconds at the latest (0: whenever it is done)."""
    child = os.fork()
    if child:
        return child
    result = NOTICED
    try:
        signal.alarm(longest)
        with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            result = _tried(mutant, part)
    finally:
        os._exit(result)


def tried(chosen: list[tuple[Mutant, Part]], workers: int, longest: int) -> Iterator[tuple[Mutant, Part, bool]]:
    """Every mutant with whether it was noticed, as they end."""
    waiting, running = list(reversed(chosen)), dict[int, tuple[Mutant, Part]]()
    while waiting or running:
        while waiting and len(running) < workers:
            mutant, part = waiting.pop()
            running[_forked(mutant, part, longest)] = mutant, part
        child, status = os.wait()
        mutant, part = running.pop(child)
        yield mutant, part, os.waitstatus_to_exitcode(status) != SURVIVED


def is_sound(part: Part) -> bool:
    """Whether the part's tests pass without any mistake; else they would notice anything."""
    _, status = os.waitpid(_forked(None, part, 0), 0)
    return os.waitstatus_to_exitcode(status) == SURVIVED


def sample(part: Part, size: int | None) -> list[Mutant]:
    every = [mutant for path in part.paths() for mutant in mutants(path)]
    if size is None or size >= len(every):
        return every
    return sorted(sorted(every, key=_lot)[:size], key=lambda mutant: (mutant.path, mutant.number))


def _lot(mutant: Mutant) -> bytes:
    """By what is changed, so that a change of other code leaves the sample as it is."""
    text = mutant.path.read_text(encoding="utf-8").splitlines()[mutant.line - 1]
    return sha256(f"{mutant.path.name} {text.strip()} {mutant.told}".encode()).digest()


def _warm() -> None:
    """Read the libraries once; what is ours is read anew by every child."""
    for name in ("pytest", "openpyxl", "xlsxwriter", "lxml.etree", "pandas", "apportionment.methods", "tests.conftest"):
        importlib.import_module(name)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--all", action="store_true", help="every mutant")
    arguments.add_argument("--sample", type=int, default=SAMPLE, help=f"mutants of each part ({SAMPLE})")
    arguments.add_argument("--part", choices=[part.name for part in PARTS], help="only this part")
    arguments.add_argument("--file", help="only files whose name holds this")
    arguments.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = arguments.parse_args()
    os.chdir(PROJECT)
    _warm()
    started, weak = time.monotonic(), False
    for part in PARTS:
        if given.part not in (None, part.name):
            continue
        before = time.monotonic()
        if not is_sound(part):
            print(f"{part.name}: its tests fail without any mistake")
            return 2
        longest = max(LONGEST, round(TIMES * (time.monotonic() - before)))
        chosen = [(mutant, part) for mutant in sample(part, None if given.all or given.file else given.sample)]
        chosen = [(mutant, part) for mutant, _ in chosen if (given.file or "") in str(mutant.path)]
        survivors = 0
        for mutant, _, noticed in tried(chosen, given.workers, longest):
            if not noticed:
                survivors += 1
                print(f"{mutant.path.relative_to(PROJECT)}:{mutant.line}: {mutant.told}", flush=True)
        share = 1 - survivors / len(chosen) if chosen else 1
        weak = weak or share < 0.9
        print(f"{part.name}: {len(chosen)} mutants, {len(chosen) - survivors} noticed ({share:.1%})", flush=True)
    print(f"{time.monotonic() - started:.0f} s")
    return int(weak)


if __name__ == "__main__":
    sys.exit(main())
