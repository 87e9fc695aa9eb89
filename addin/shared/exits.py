"""How a command ends: its exit codes, and the error that a user can mend."""

FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130


class UserError(Exception):
    """What the user can mend; the message (Chinese) is all that is printed."""
