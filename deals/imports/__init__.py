"""Import deals from the exports of CRMs.

In order: columns (which CRM, which column, from what sources knows), parse (lines as checked rows),
assign_teams (whose team), apply (rows as changes), all called by run. Nothing is guessed silently: anything
ambiguous is refused with a reason.
"""

from deals.imports.run import Report, import_deals
from deals.tables.csv_reader import TableError

__all__ = ["Report", "TableError", "import_deals"]
