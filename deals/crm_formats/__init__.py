"""What the exports of the CRMs look like, as data: one module a CRM or group, in tables of our own.

Specific formats stand before general ones: of two that fit equally well, the first is taken.
"""

from deals.crm_formats import dynamics, home_made, hubspot, odoo, pipedrive, salesforce, smaller_crms, zoho
from deals.crm_formats.crm_format import CrmFormat
from deals.crm_formats.roles import KINDS, UNREAD, Kind

FORMATS: tuple[CrmFormat, ...] = (
    *smaller_crms.FORMATS,
    *salesforce.FORMATS,
    *hubspot.FORMATS,
    *pipedrive.FORMATS,
    *zoho.FORMATS,
    *dynamics.FORMATS,
    *odoo.FORMATS,
    *home_made.FORMATS,
)
BY_KEY = {crm_format.key: crm_format for crm_format in FORMATS}

__all__ = ["BY_KEY", "FORMATS", "KINDS", "UNREAD", "CrmFormat", "Kind"]
