"""One module a command: ``add(parser)`` declares its arguments, ``run(arguments)`` does it and returns the exit code."""
