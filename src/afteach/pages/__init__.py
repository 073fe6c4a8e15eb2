"""How a page for the instructor is written."""
