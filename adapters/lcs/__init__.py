"""Liquidlogic LCS: the duty tray, and a mock server of it."""
