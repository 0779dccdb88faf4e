"""The vocabulary of protocols: each kind of rule is frozen data that answers for one transfer.

A protocol's `needs` names one kind. Adding a council never needs a new `if`; adding a kind is
one class here, its key in protocols/needs_shape.py and needs.py, and its tests.
"""
