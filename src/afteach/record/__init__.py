"""The tables of a workbook: read, describe, cite. Nothing here knows a question."""
