"""Garbage is looked for less often, and as before afterwards."""

from __future__ import annotations

import atexit
import gc

import pytest

from addin.xlsx.collecting import ends_with_its_work, seldom_collected


def test_how_often_is_put_back_whatever_happens() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), seldom_collected():
        with seldom_collected():
            assert gc.get_threshold()[0] > 100 * before[0]
        assert gc.get_threshold()[0] > 100 * before[0]
        raise KeyError
    assert gc.get_threshold() == before


def test_who_never_looks_does_not_begin_to() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with seldom_collected():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)


def test_a_process_that_ends_with_its_work_looks_seldom_to_the_end() -> None:
    before = gc.get_threshold()
    try:
        ends_with_its_work()
        with seldom_collected():
            pass
        assert gc.get_threshold()[0] > 100 * before[0]
    finally:
        gc.set_threshold(*before)
        atexit.unregister(gc.freeze)
