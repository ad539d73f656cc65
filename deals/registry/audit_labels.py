"""The labels of goals and revenue in the audit log."""

from alignment.audit import register_labels

LABELS = {
    "goals.changed": "Goals changed",
    "goals.exported": "Goals exported",
    "revenue.added": "Revenue added",
    "revenue.booked": "Revenue booked by a won deal",
    "revenue.imported": "Revenue imported",
    "revenue.corrected": "Revenue corrected",
    "revenue.exported": "Revenue exported",
}
register_labels(LABELS)
