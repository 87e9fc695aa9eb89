"""What every part of the add-in may use: texts, exit codes, failures in words, findings of a diagnosis."""
