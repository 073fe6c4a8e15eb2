"""The question bank, its keys, and how an answer is read and judged. Nothing here displays or keeps anything."""
