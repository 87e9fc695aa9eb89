"""Draws faults, and runs them by the thousand."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults import hostile
from tests.faults.commands import COMMANDS, inject, inject_save, operations, save_in_time
from tests.faults.injection import Fault

FAULTS = tuple(fault for fault in Fault if fault not in (Fault.NONE, Fault.SAVE))
HALVES = (Fault.KILL_HALF, Fault.SHORT)
CRASH, ERROR, SAVE, DAMAGED = "结束进程", "读写出错", "其他程序同时保存", "损坏的文件"


def chosen(chance: random.Random, done: Sequence[str], count: int) -> Iterator[tuple[int, Fault]]:
    """Operations and what happens at them; rare kinds of operations are drawn as often as frequent ones."""
    for _ in range(count):
        kind = chance.choice(sorted(set(done)))
        at = chance.choice([place for place, name in enumerate(done) if name == kind])
        yield at, chance.choice([fault for fault in FAULTS if kind in ("read", "write") or fault not in HALVES])


def campaign(runs: int, seed: int) -> tuple[Counter[str], list[str]]:
    """So many faults over all commands; how many of each kind, and what went wrong."""
    chance, counts, wrong = random.Random(seed), Counter[str](), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "folder"
        done = {command: operations(command, folder) for command in COMMANDS}
        start = time.perf_counter()
        operations(COMMANDS[0], folder)
        duration = time.perf_counter() - start
        for number in range(runs):
            if number % 4 == 0:
                kind, at, command = DAMAGED, chance.randrange(10**9), chance.choice(hostile.COMMANDS)
                told = hostile.attack(folder, at, command)
            elif number % 4 == 1:
                kind, command = SAVE, COMMANDS[0]
                at, in_place = chance.randrange(done[command].index("replace")), chance.random() < 0.5
                if chance.random() < 0.5:
                    told = inject_save(command, folder, at, in_place)
                else:
                    told = save_in_time(command, folder, chance.random() * duration, in_place)
            else:
                command = chance.choice(COMMANDS)
                ((at, fault),) = chosen(chance, done[command], 1)
                kind, told = CRASH if fault.kills else ERROR, inject(command, folder, at, fault)
            counts[kind] += 1
            if told:
                wrong.append(f"{kind}: {command}, {at}: {told}")
    return counts, wrong
