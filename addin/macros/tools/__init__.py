"""What macros share: reading a workbook, its tables' roles, options, formulas in words, paper, working days."""
