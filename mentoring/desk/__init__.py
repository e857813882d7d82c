"""A coordinator's desk: what needs them today, in lists that are declared once.

A list is a `Worklist`: whose turn it is (a queryset over what the coordinator may see), why in
words, since when, and the one thing to do. The page, its counts and its tests all read
`lists.WORKLISTS`, and `reading` asks the database the same number of questions whatever there is.
"""
