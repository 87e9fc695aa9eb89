"""The schemes that every part of the add-in offers: those of the house, and those in the user's own folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from addin.portable.userfolder import user_folder
from workbook_templates.scheme import catalogue

if TYPE_CHECKING:
    from workbook_templates.scheme.model import Scheme


def folder() -> Path:
    """Where a user puts scheme files of his own."""
    return user_folder() / "schemes"


def slugs() -> list[str]:
    return catalogue.slugs([folder()])


def titles() -> tuple[dict[str, str], list[str]]:
    """The titles by slug, and what is wrong with files that can't be read."""
    return catalogue.titles([folder()])


def load(slug: str) -> Scheme:
    """One scheme by its slug, its title, or by the path of its file; raises SchemeError."""
    return catalogue.load(slug, [folder()])
