"""A workbook's file: its package, its cells read and written, and the values that it holds."""
