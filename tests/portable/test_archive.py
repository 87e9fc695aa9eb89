"""Zip files depend on their contents only, not on the system that they are made on."""

from __future__ import annotations

import io
import sys

import pytest

from addin.portable import archive


def made(platform: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A new file, and one with a new member, as they are made there."""
    monkeypatch.setattr(sys, "platform", platform)
    new, grown = io.BytesIO(), io.BytesIO()
    archive.create(new, {"甲.xml": b"<a/>", "b/c.xml": b"<c/>" * 100})
    archive.rewrite(new, grown, {"d.xml": b"<d/>"})
    return new.getvalue() + grown.getvalue()


def test_every_system_makes_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made("win32", monkeypatch) == made("linux", monkeypatch) == made("darwin", monkeypatch)
