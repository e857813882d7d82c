"""Mentors, from a spreadsheet."""

from mentoring.imports.columns import LAYOUT

__all__ = ["LAYOUT"]
