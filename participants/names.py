"""How the names of people are compared: see `primus.names`, which users' names need as well."""

from primus.names import ALIKE, closest, folded, likeness

__all__ = ["ALIKE", "closest", "folded", "likeness"]
