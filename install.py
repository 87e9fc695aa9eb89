# -*- coding: utf-8 -*-
"""Sets KAOHE up on this machine: ``python install.py``. ``python install.py test`` runs the whole suite.

This file only makes sure that Python is new enough; it is written so that even Python 2 can read it and say so.
"""

from __future__ import unicode_literals

import os
import sys

OLDEST = (3, 11)
TOO_OLD = (
    "KAOHE 需要 Python 3.11 或更新的版本，当前是 {0}。请安装新版 Python 后，用它运行 install.py。\n"
    "KAOHE needs Python 3.11 or newer; this is {0}.\n"
)


def complain(version):
    """The message as bytes in the terminal's own encoding."""
    return TOO_OLD.format(version).encode(getattr(sys.stderr, "encoding", None) or "utf-8", "replace")


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        getattr(sys.stderr, "buffer", sys.stderr).write(complain(sys.version.split()[0]))
        sys.exit(2)
    # Isolated (-I, -P) Python doesn't look for modules where this file stands.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from addin.setup.installer import main

    sys.exit(main())
