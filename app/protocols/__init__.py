"""The councils' protocols as data, and the strict reader of them."""
