"""What a macro works on: the workbook's tables, parameters and formats, as read."""
