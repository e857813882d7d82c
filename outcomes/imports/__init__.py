"""What the registers say after the release, from a spreadsheet."""

from outcomes.imports.columns import LAYOUT

__all__ = ["LAYOUT"]
