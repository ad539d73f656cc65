"""Tables that people give and take: read (pasted text, CSV or XLSX → lines of cells) and write (rows → CSV or XLSX)."""
