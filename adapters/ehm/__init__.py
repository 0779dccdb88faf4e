"""Liquidlogic EHM: the duty tray, and a mock server of it."""
