"""Writes the generated pages anew."""

from __future__ import annotations

from addin.handbook import DOCS, DOCUMENTS

for name, document in DOCUMENTS.items():
    (DOCS / name).write_text(document(), encoding="utf-8")
