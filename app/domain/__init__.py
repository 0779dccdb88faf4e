"""The process itself, in the standard library alone. Start at pathway.py."""
