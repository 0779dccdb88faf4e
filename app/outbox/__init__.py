"""Claim, push, mark: how a committed message reaches a case system."""
