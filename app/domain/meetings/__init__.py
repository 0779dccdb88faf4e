"""Meetings as resources: when they are held, what comes before them, and what came of it."""
