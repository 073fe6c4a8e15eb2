"""The question card: a widget in Python and, beside it, what runs in the browser."""
