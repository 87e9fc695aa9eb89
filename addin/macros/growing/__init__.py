"""What the macros share that make a table longer or shorter and fill it from lists."""
