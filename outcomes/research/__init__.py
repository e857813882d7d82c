"""Data handed to research: of those who have said yes to it, under pseudonyms, by the month.

`codebook` declares what there is to hand out, `reading` finds it, `guarding` sees to it that
nobody stands alone, `packing` writes the file, and `exports` is how one is asked for and made.
"""
