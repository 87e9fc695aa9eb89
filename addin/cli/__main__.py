"""``python -m addin.cli``: the command line where no script is on the path."""

from addin.cli import main

raise SystemExit(main())
