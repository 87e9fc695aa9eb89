"""The extension (.oxt) put together from the functions' declarations and the component."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import distribution, version
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import udfs
from addin.calc import configuration, icons
from addin.calc.component import identity
from addin.calc.component.menu import MACROS_FILE
from addin.calc.entries import macros_json
from addin.calc.typelibrary import type_library
from addin.handbook.page import functions_page
from addin.portable.archive import create
from addin.xlsx.files import replace

FILE = "kaohe.oxt"
PROJECT = Path(__file__).resolve().parents[2]
COMPONENT = Path(__file__).parent / "component"
REGISTRATION = "kaohe_component.py"
SHARED = (
    *(path for path in sorted((PROJECT / "addin" / "portable").glob("*.py")) if path.name != "__init__.py"),
    *(PROJECT / "workbook_templates" / "formula" / f"{name}.py" for name in ("calls", "tokens")),
)
"""What the component has in common with the rest of the project."""

RENAMED = (
    (re.compile(r"\b(addin(\.calc\.component|\.portable)?|workbook_templates\.formula)\b"), "kaohe_calc"),
    (re.compile(r"\budfs\b"), "kaohe_udfs"),
)
"""All Python extensions share one search path, so packages go into it under names of their own."""

_IMPORT = re.compile(r"^[ \t]*(?:from|import) .*$", re.MULTILINE)
_MEDIA = "application/vnd.sun.star."


def build(path: Path) -> None:
    """Write the extension; the same sources give the same bytes."""
    contents = {name: part.encode() if isinstance(part, str) else part for name, part in sorted(_parts().items())}
    replace(path, lambda file: create(file, contents))


def _parts() -> dict[str, str | bytes]:
    parts: dict[str, str | bytes] = {
        "XKaohe.rdb": type_library(),
        "kaohe.components": _components(),
        **configuration.files(),
    }
    manifest = _manifest(parts)
    parts |= {f"icons/{name}": content for name, content in icons.files().items()}
    parts |= dict(_python())
    return parts | {
        "META-INF/manifest.xml": manifest,
        "description.xml": _description(),
        "license.txt": _license(),
        "description_zh.txt": "在 Calc 中使用考核函数 KAOHE_…，并提供“考核”菜单。\n",
        "description_en.txt": "The appraisal functions KAOHE_… and the menu 考核 in Calc.\n",
        "handbook.html": functions_page(),
        f"pythonpath/kaohe_calc/{MACROS_FILE}": macros_json(),
    }


def _python() -> Iterator[tuple[str, str]]:
    for source in sorted(COMPONENT.glob("*.py")):
        text = _renamed(source)
        yield (
            (REGISTRATION, text) if source.name == "registration.py" else (f"pythonpath/kaohe_calc/{source.name}", text)
        )
    for source in SHARED:
        yield f"pythonpath/kaohe_calc/{source.name}", _renamed(source)
    for source in sorted(Path(udfs.__file__).parent.glob("*.py")):
        yield f"pythonpath/kaohe_udfs/{source.name}", _renamed(source)


def _renamed(source: Path) -> str:
    """A module whose imports name the packages as the extension does."""

    def rename(line: re.Match[str]) -> str:
        text = line[0]
        for name, new in RENAMED:
            text = name.sub(new, text)
        return text

    return _IMPORT.sub(rename, source.read_text(encoding="utf-8"))


def _components() -> str:
    """Passive registration: LibreOffice need not run the component to install it."""
    services = (
        (identity.FUNCTIONS, identity.SERVICE),
        (identity.COMMANDS, "com.sun.star.frame.ProtocolHandler"),
        (identity.DOCUMENTS, "com.sun.star.task.Job"),
    )
    implementations = "\n".join(
        f'  <implementation name="{name}"><service name="{service}"/><service name="{name}"/></implementation>'
        for name, service in services
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<components xmlns="http://openoffice.org/2010/uno-components">\n'
        f' <component loader="com.sun.star.loader.Python" uri="{REGISTRATION}">\n{implementations}\n </component>\n'
        "</components>\n"
    )


def _manifest(parts: dict[str, str | bytes]) -> str:
    types = {".rdb": "uno-typelibrary;type=RDB", ".components": "uno-components", ".xcu": "configuration-data"}
    entries = "".join(
        f" <manifest:file-entry manifest:full-path={quoteattr(name)} "
        f'manifest:media-type="{_MEDIA}{types[Path(name).suffix]}"/>\n'
        for name in parts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'
    )


def _license() -> str:
    """The project's licence, from its folder or, where that isn't at hand, from what pip has installed."""
    text = PROJECT / "LICENSE"
    return (
        text.read_text(encoding="utf-8")
        if text.is_file()
        else distribution("kaohe").read_text("licenses/LICENSE") or ""
    )


def _description() -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" xmlns:xlink="http://www.w3.org/1999/xlink">
 <identifier value="{identity.IDENTIFIER}"/>
 <version value="{escape(version("kaohe"))}"/>
 <dependencies>
  <OpenOffice.org-minimal-version value="4.1" xmlns:lo="http://libreoffice.org/extensions/description/2011" \
name="LibreOffice 7.0"/>
 </dependencies>
 <display-name><name lang="zh-CN">考核函数 KAOHE</name><name lang="en">Appraisal functions KAOHE</name></display-name>
 <icon><default xlink:href="icons/about_26.svg"/></icon>
 <extension-description><src lang="zh-CN" xlink:href="description_zh.txt"/>\
<src lang="en" xlink:href="description_en.txt"/></extension-description>
</description>
"""
