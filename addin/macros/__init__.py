"""The macros, one module each; their helpers are in ``tools``. A module that is added here is a macro everywhere."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from addin.macros.macro import GROUPS, Macro
from addin.macros.macro import MACROS as _MACROS

MACROS: dict[str, Macro]
"""Every macro by name, group after group; filled when it is first asked for, since one of them alone need not wait for the others."""

__all__ = ["MACROS", "find"]


def __getattr__(name: str) -> dict[str, Macro]:
    if name != "MACROS":
        raise AttributeError(name)
    for module in pkgutil.iter_modules(__path__):
        if not module.ispkg:
            import_module(f"{__name__}.{module.name}")
    for macro in sorted(_MACROS.values(), key=lambda macro: GROUPS.index(macro.group)):
        _MACROS[macro.name] = _MACROS.pop(macro.name)
    globals()[name] = _MACROS
    return _MACROS


def find(wanted: str) -> Macro | None:
    """The macro of this name or label; a macro's module has its name, so that it alone is imported."""
    if any(module.name == wanted and not module.ispkg for module in pkgutil.iter_modules(__path__)):
        import_module(f"{__name__}.{wanted}")
    found = _MACROS.get(wanted)
    return found or next(
        (macro for macro in __getattr__("MACROS").values() if wanted in (macro.name, macro.label)), None
    )
