"""The bank on its way to other programs and back: what a question is, in each format that they read."""
