"""Sets KAOHE up on a machine: its environment, and the add-ins of the spreadsheet programs."""
