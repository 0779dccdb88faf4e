"""What speaks to the case systems, and the mock case systems themselves."""
