"""The labels of imports, goals and revenue in the audit log."""

from alignment.audit import register_labels

LABELS = {
    "import.applied": "Import applied",
    "import.undone": "Import undone",
    "import.discarded": "Import deleted",
    "upload_address.made": "Upload address created",
    "upload_address.ended": "Upload address removed",
    "goals.changed": "Goals changed",
    "goals.exported": "Goals exported",
    "revenue.added": "Revenue added",
    "revenue.booked": "Revenue booked by a won deal",
    "revenue.imported": "Revenue imported",
    "revenue.corrected": "Revenue corrected",
    "deal.merged": "Two deals merged into one",
    "deal.separated": "Two merged deals taken apart",
    "rep.moved": "A rep changed team",
    "rep.joined": "Two reps joined into one",
    "rep.separated": "Two joined reps taken apart",
    "revenue.exported": "Revenue exported",
}
register_labels(LABELS)
