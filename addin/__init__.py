"""What carries the functions and the workbooks into a host: the command line, and a folder a host."""
