"""How the names of people are compared: see `primus.names`, which users' names need as well."""

from primus.names import ALIKE, folded, likeness

__all__ = ["ALIKE", "folded", "likeness"]
