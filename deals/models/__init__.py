from deals.models.accounts import Account
from deals.models.deals import Deal, DealChange
from deals.models.revenue import RevenueEntry
from deals.models.risks import Risk

__all__ = ["Account", "Deal", "DealChange", "RevenueEntry", "Risk"]
