"""What is hidden, and the words for it."""

from collections.abc import Hashable

LIMIT = 5
SMALL = "small"
WITHHELD = "withheld"

Key = Hashable
# What is stored for a cell: the number itself, or why it is not there.
Shown = int | str


def is_small(count: int) -> bool:
    """Whether so many people are too few to be shown."""
    return 0 < count < LIMIT
