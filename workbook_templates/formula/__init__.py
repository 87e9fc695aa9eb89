"""The formula language. Standard library only, Python 3.8 and later: LibreOffice's extension may carry it."""
