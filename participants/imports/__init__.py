"""Participants with their enrolments, from a spreadsheet."""

from participants.imports.columns import LAYOUT

__all__ = ["LAYOUT"]
