"""The effect of a trial: read, counted, protected, put into words. docs/effect.md says how."""
