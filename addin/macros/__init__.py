"""The macros, one module each; their helpers are in ``tools``. A module that is added here is a macro everywhere."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from addin.macros.macro import MACROS

__all__ = ["MACROS"]

for _module in pkgutil.iter_modules(__path__):
    if not _module.ispkg:
        import_module(f"{__name__}.{_module.name}")
