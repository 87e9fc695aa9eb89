"""A scheme becomes a workbook: its sheets, the layout of its tables, styles, validation."""
