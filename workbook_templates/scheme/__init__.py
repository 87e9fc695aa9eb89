"""A scheme as checked data: parameters, tables, columns, rules, and the data that a new workbook is filled with."""
