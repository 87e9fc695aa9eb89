"""Documents for paper: sheets of their own and how they are set."""
