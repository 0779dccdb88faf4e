"""What the service does: a file a verb, a transaction a call."""
