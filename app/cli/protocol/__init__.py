"""`transfers protocol`: councils' protocols checked, shown, compared and written as pages."""
