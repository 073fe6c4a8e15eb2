"""What an author of a workbook uses: a new one, its notebooks, the guide and the links."""
