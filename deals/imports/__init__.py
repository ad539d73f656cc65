"""Exports of CRMs as deals: read (bytes → lines), recognise (which CRM, which column), rows (checked), place
(whose team), apply (rows → changes). Never guesses silently: what is not certain is refused in words."""

from deals.imports.importing import Report, import_deals
from deals.imports.read import BadFile

__all__ = ["BadFile", "Report", "import_deals"]
