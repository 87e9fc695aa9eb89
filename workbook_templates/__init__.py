"""Appraisal schemes as files, and the workbooks that clerks fill in, made from them."""
