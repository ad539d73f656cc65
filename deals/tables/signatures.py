"""What a file is by its first bytes, when it is neither a text nor a workbook. Pure."""

from __future__ import annotations

ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_GZIP = b"\x1f\x8b"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_COMPRESSED = (b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_PARTS = (b"xl/", b"[Content_Types].xml")


def is_zip(content: bytes) -> bool:
    """Whether it is packed as a workbook is."""
    return content.startswith(ZIP)


def describe_other_file(content: bytes) -> str:
    """A sentence that says what the file is and what to do; empty where it may be a text."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(_OLD_OFFICE):
        return _describe_office(content)
    if content.startswith(ZIP):
        return "This is a ZIP archive. Unpack it and use the file inside. Save it as XLSX or CSV if it is neither."
    if content.startswith(_GZIP) or content.startswith(_COMPRESSED):
        return "This is a compressed file. Unpack it and use the file inside. Save it as XLSX or CSV if it is neither."
    if content.startswith(_PICTURES) or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        return "This is a picture, not a table. Export the table as CSV or XLSX and use that."
    if content.startswith(b"%PDF"):
        return "This is a PDF, not a table. Export the table as CSV or XLSX and use that."
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        return "This is a web page, as some CRMs export it under an Excel name. Save it as XLSX or CSV and use that."
    return ""


def _describe_office(content: bytes) -> str:
    if _PASSWORD in content:
        return "This workbook is protected by a password. Remove the password, save it as XLSX or CSV and use that."
    return "This is a file of an old Excel (XLS). Save it as XLSX or CSV and use that."
