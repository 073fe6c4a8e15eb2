"""For the instructor: from what was handed in to gradebook, items, problems and report."""
