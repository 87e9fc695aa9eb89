"""Formulas in words: what a cell's formula reads, computes and is called."""
