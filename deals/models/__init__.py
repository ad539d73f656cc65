from deals.models.accounts import Account
from deals.models.capacity_needs import CapacityNeed
from deals.models.committed import CommittedDeal, Evidence, EvidenceRequest
from deals.models.contacts import Contact
from deals.models.deal_changes import DealChange
from deals.models.deals import Deal
from deals.models.follow_ups import FollowUp, Touch
from deals.models.imports import ImportMapping, ImportRow, ImportRun
from deals.models.pipelines import Pipeline, Stage
from deals.models.reps import Rep, RepSpelling, RepTerm
from deals.models.revenue import RevenueEntry
from deals.models.risks import Risk
from deals.models.upload_addresses import UploadAddress

__all__ = [
    "Account",
    "CapacityNeed",
    "CommittedDeal",
    "Contact",
    "Deal",
    "DealChange",
    "Evidence",
    "EvidenceRequest",
    "FollowUp",
    "ImportMapping",
    "ImportRow",
    "ImportRun",
    "Pipeline",
    "Rep",
    "RepSpelling",
    "RepTerm",
    "RevenueEntry",
    "Risk",
    "Stage",
    "Touch",
    "UploadAddress",
]
