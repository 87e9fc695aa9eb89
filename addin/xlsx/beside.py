"""What a sheet holds beside its cells: comments and the widths of its columns."""

from __future__ import annotations

import zipfile
from typing import NamedTuple

from addin.xlsx.cellreader import place
from addin.xlsx.parts import child, children, parse_part, relations_of
from addin.xlsx.strings import string_text

_MOST_ALIKE = 200


class Comment(NamedTuple):
    text: str
    author: str


def comments(package: zipfile.ZipFile, part: str) -> dict[tuple[int, int], Comment]:
    """The comments of a sheet's part by row and column; of a conversation what older programs show."""
    found = {}
    for kind, target in relations_of(package, part).values():
        if kind != "comments":
            continue
        root = parse_part(package, target)
        authors = [author.text or "" for author in children(child(root, "authors"), "author")]
        for entry in children(child(root, "commentList"), "comment"):
            number, text = int(entry.get("authorId") or 0), child(entry, "text")
            author = authors[number] if number < len(authors) else ""
            found[place(entry.get("ref"))] = Comment(string_text(text) if text is not None else "", author)
    return found


def widths(package: zipfile.ZipFile, part: str) -> dict[int, float]:
    """The widths of the columns that are shown and have one of their own."""
    found = {}
    for entry in children(child(parse_part(package, part), "cols"), "col"):
        if entry.get("width") and entry.get("hidden") not in ("1", "true"):
            first, last = int(entry.get("min")), int(entry.get("max"))
            # A width for all the columns to the right is nobody's wish for one of them.
            found.update(dict.fromkeys(range(first - 1, min(last, first + _MOST_ALIKE)), float(entry.get("width"))))
    return found
