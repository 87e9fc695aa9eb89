"""The one check of a workbook, used by every command and macro: its parameters, its rows, its tables, its formulas, its balances."""
