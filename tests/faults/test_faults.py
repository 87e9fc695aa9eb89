"""A seeded sample of the faults; ``python -m tests.faults --runs N`` is the long run."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults import hostile
from tests.faults.campaign import FAULTS, chosen
from tests.faults.commands import COMMANDS, Command, inject, inject_save, operations

# Forking is safe here: the child runs one command and ends.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
SEED = 20261126
PER_COMMAND = 3
SAVES = 6
DAMAGED = 60


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_fault_leaves_the_old_file_or_the_new_one_and_is_told(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    done = operations(command, folder)
    for at, fault in chosen(random.Random(SEED), done, PER_COMMAND):
        assert inject(command, folder, at, fault) == "", f"{fault} at {at}, {done[at]}"


@pytest.mark.parametrize("in_place", [True, False])
def test_what_another_program_saves_meanwhile_is_never_lost(in_place: bool, tmp_path: Path) -> None:
    """Up to the last look at the file, right before its name is given to the new one."""
    command, folder = COMMANDS[0], tmp_path / "folder"
    last = operations(command, folder).index("replace") - 1
    for at in sorted({last, *random.Random(SEED).sample(range(last), SAVES)}):
        assert inject_save(command, folder, at, in_place) == "", at


@pytest.mark.parametrize("seed", range(DAMAGED))
def test_a_damaged_workbook_is_computed_or_refused(seed: int, tmp_path: Path) -> None:
    assert hostile.attack(tmp_path, seed, hostile.COMMANDS[seed % len(hostile.COMMANDS)]) == ""


def test_the_sample_has_every_kind_of_fault() -> None:
    drawn = {fault for seed in range(50) for _, fault in chosen(random.Random(seed), ["open", "read", "write"], 5)}
    assert drawn == set(FAULTS)
