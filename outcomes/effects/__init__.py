"""The effect of a trial: read, counted, protected, put into words. docs/figures.md says how."""
