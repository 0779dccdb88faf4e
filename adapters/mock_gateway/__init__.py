"""What the two mock case systems have in common: trays, tasks, faults, callbacks, pages."""
