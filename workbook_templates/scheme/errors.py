"""What a scheme file can be told to be wrong."""


class SchemeError(ValueError):
    """A scheme file that can't be used; the message (Chinese) names the place and the allowed names."""
