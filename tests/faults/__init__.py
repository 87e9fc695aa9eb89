"""Faults put into every command on purpose: a file is as it was or as it should be, and the user is told."""
