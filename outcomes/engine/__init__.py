"""Statistics on plain arrays: nothing here knows of a person, a database or a page.

docs/engine.md says what is computed, by whose method, and how what is not estimable is told.
numpy and scipy are loaded when a module of the engine is imported: the worker and the commands
do that, and the web process never when it starts.
"""
