"""Many workbooks at once: each computed and checked by itself, on all cores or a cluster, with one report."""
