"""``kaohe build``: what a spreadsheet program installs: the extension for LibreOffice, the add-in for Excel."""

from __future__ import annotations

import argparse
from pathlib import Path

from addin.shared.exits import UserError


def run(arguments: argparse.Namespace) -> int:
    return _excel(arguments) if arguments.host == "excel" else _calc(arguments)


def _calc(arguments: argparse.Namespace) -> int:
    from addin.calc import extension

    if arguments.scheme or arguments.sign:
        raise UserError("--scheme 和 --sign 只用于 kaohe build excel")
    path = Path(arguments.output or extension.FILE)
    if path.is_dir():
        path = path / extension.FILE
    if path.suffix.lower() != Path(extension.FILE).suffix:
        raise UserError(f"扩展的文件名应以 .oxt 结尾，现为 {path}")
    extension.build(path)
    print(f"已生成 {path}")
    return 0


def _excel(arguments: argparse.Namespace) -> int:
    from addin import excel
    from addin.shared.schemes import load

    folder = Path(arguments.output or ".")
    scheme = load(arguments.scheme) if arguments.scheme else None
    made = [excel.build(folder)]
    if scheme is not None:
        made.append(excel.build_selfcontained(scheme, folder))
    for path in made:
        print(f"已生成 {path}")
    if arguments.sign:
        from addin.excel.signing import sign

        for path in made:
            sign(path, Path(arguments.sign))
            print(f"已签名 {path}")
    return 0
