"""The workbook as a folder for any web server: pages to read, and notebooks that run in the reader's browser."""
