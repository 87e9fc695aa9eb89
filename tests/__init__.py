"""The tests: one file a feature, the folders as in the project."""
