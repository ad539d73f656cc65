"""What CRMs and people write for the few words we keep: types of deal, sources, forecast, levels … Data only.

A word that is not listed means nothing: the field stays empty, and nobody is asked about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from alignment.rules.folding import fold

Spellings = Mapping[str, frozenset[str]]

DEAL_TYPES: Spellings = {
    "new": frozenset(
        {"new", "new business", "newbusiness", "new customer", "new client", "new logo", "neugeschäft"}
        | {"neukunde", "nouvelle affaire", "nouveau client"}
    ),
    "expansion": frozenset(
        {"expansion", "existing business", "existingbusiness", "existing business - upsell", "upsell"}
        | {"existing customer - upgrade", "existing customer - replacement", "cross-sell", "cross sell"}
        | {"upgrade", "add-on", "bestandskunde", "bestehendes geschäft", "bestandsgeschäft"}
        | {"affaire existante", "client existant"}
    ),
    "renewal": frozenset(
        {"renewal", "renewal business", "existing customer - renewal", "existing business - renewal"}
        | {"verlängerung", "vertragsverlängerung", "renouvellement"}
    ),
}
LEAD_SOURCES: Spellings = {
    "prospecting": frozenset(
        {"cold call", "cold calling", "cold email", "outbound", "prospecting", "own prospecting", "sales"}
        | {"self-generated", "offline", "offline sources", "kaltakquise", "prospection"}
    ),
    "marketing": frozenset(
        {"web", "website", "advertisement", "trade show", "campaign", "inbound", "marketing", "webinar"}
        | {"organic search", "paid search", "organic social", "paid social", "email marketing", "events"}
        | {"direct traffic", "social media", "seminar - internal", "online store", "web research", "messe"}
        | {"webseite", "salon", "site web", "conference", "public relations", "display advertising"}
    ),
    "referral": frozenset(
        {"referral", "external referral", "employee referral", "customer referral", "word of mouth"}
        | {"word of mouth referral", "referrals", "empfehlung", "recommandation"}
    ),
    "client": frozenset(
        {"existing customer", "existing client", "customer", "client", "bestandskunde", "client existant"}
    ),
    "partner": frozenset({"partner", "partner referral", "reseller", "channel", "partenaire"}),
    "other": frozenset({"other", "sonstige", "sonstiges", "autre", "purchased list", "other campaigns"}),
}
FORECASTS: Spellings = {
    "commit": frozenset({"commit", "committed", "closed", "commitment", "zusage", "engagement", "validé"}),
    "best_case": frozenset({"best case", "bestcase", "best_case", "bester fall", "meilleur cas"}),
    "pipeline": frozenset({"pipeline", "most likely", "upside"}),
    "left_out": frozenset({"omitted", "omit", "not forecasted", "don't forecast", "dont forecast"})
    | frozenset({"ausgelassen", "weggelassen", "omis", "left out"}),
}
REVENUE_KINDS: Spellings = {
    "won": frozenset({"won", "booking", "bookings", "booked", "order", "gewonnen", "auftrag"}),
    "invoiced": frozenset({"invoiced", "invoice", "billed", "rechnung", "fakturiert", "facture", "facturé"}),
    "recurring": frozenset(
        {"recurring", "arr", "annual recurring revenue", "subscription", "wiederkehrend", "récurrent"}
    ),
}
NO_REVENUE = frozenset(
    {"void", "voided", "draft", "cancelled", "canceled", "deleted", "pro forma", "proforma", "estimate"}
    | {"storno", "storniert", "entwurf", "annulé", "annulée", "brouillon"}
)
"""What an invoice is called that is none, or none any more."""
CREDITS = frozenset(
    {"credit note", "credit memo", "refund", "refunded", "reversal", "reversed", "gutschrift", "avoir"}
)
"""What is called so takes money away, whatever the sign of its amount."""
ACCOUNT_STATUSES: Spellings = {
    "prospect": frozenset(
        {
            "prospect",
            "lead",
            "opportunity",
            "subscriber",
            "marketing qualified lead",
            "marketingqualifiedlead",
        }
        | {"sales qualified lead", "salesqualifiedlead", "interessent"}
    ),
    "client": frozenset(
        {"client", "customer", "customer - direct", "customer - channel", "kunde", "active customer"}
    ),
    "former": frozenset(
        {"former", "former client", "former customer", "churned", "lost customer", "ehemaliger kunde"}
        | {"ancien client"}
    ),
}
CONTACT_ROLES: Spellings = {
    "decides": frozenset(
        {"decides", "decision maker", "decision_maker", "economic decision maker", "entscheider", "décideur"}
    ),
    "pays": frozenset({"pays", "budget holder", "budget_holder", "economic buyer", "payeur"}),
    "champion": frozenset({"champion", "executive sponsor", "executive_sponsor", "sponsor"}),
    "influences": frozenset(
        {"influences", "influencer", "evaluator", "technical buyer", "end user", "end_user", "technical role"}
        | {"legal & compliance", "beeinflusser", "prescripteur"}
    ),
    "against": frozenset({"against", "blocker", "gegner", "opposant"}),
}
LEVELS: Spellings = {
    "c_level": frozenset({"c_level", "c-level", "c level", "executive", "geschäftsleitung", "direction"}),
    "director": frozenset({"director", "vp or director", "vp", "leitung"}),
    "manager": frozenset({"manager", "management"}),
    "specialist": frozenset({"specialist", "staff", "fachkraft", "spécialiste"}),
}
TITLES: Spellings = {
    "c_level": frozenset(
        {"ceo", "cfo", "coo", "cto", "cio", "cmo", "cro", "cpo", "chro", "ciso", "cdo", "cco", "founder"}
        | {"co-founder", "cofounder", "owner", "president", "managing director", "chief executive officer"}
        | {"chief financial officer", "chief operating officer", "chief technology officer", "chairman"}
        | {"chief information officer", "chief marketing officer", "chief revenue officer"}
        | {"chief product officer", "chief people officer", "chief commercial officer", "general manager"}
        | {"geschäftsführer", "geschäftsführerin", "vorstand", "inhaber", "inhaberin", "vorständin"}
        | {"directeur général", "directrice générale", "pdg", "président", "présidente", "gérant"}
    ),
    "director": frozenset(
        {"vp", "svp", "evp", "vice president", "senior vice president", "executive vice president"}
        | {"director", "senior director", "vp sales", "vp of sales", "vp marketing", "vp of marketing"}
        | {
            "vp finance",
            "vp engineering",
            "vp operations",
            "sales director",
            "finance director",
            "it director",
        }
        | {"head of sales", "head of it", "head of finance", "head of procurement", "head of operations"}
        | {"head of marketing", "vertriebsleiter", "vertriebsleiterin", "einkaufsleiter", "einkaufsleiterin"}
        | {
            "bereichsleiter",
            "bereichsleiterin",
            "leiter vertrieb",
            "leiter einkauf",
            "leiter it",
            "it-leiter",
        }
        | {"directeur", "directrice", "directeur commercial", "directeur financier", "directrice commerciale"}
    ),
    "manager": frozenset(
        {"manager", "senior manager", "sales manager", "it manager", "procurement manager", "team lead"}
        | {"purchasing manager", "product manager", "project manager", "operations manager", "team leader"}
        | {"marketing manager", "office manager", "account manager", "finance manager", "abteilungsleiter"}
        | {"abteilungsleiterin", "teamleiter", "teamleiterin", "projektleiter", "projektleiterin"}
        | {"responsable", "chef de projet", "responsable achats", "chef de service"}
    ),
    "specialist": frozenset(
        {
            "specialist",
            "analyst",
            "engineer",
            "developer",
            "consultant",
            "buyer",
            "administrator",
            "assistant",
        }
        | {"software engineer", "business analyst", "system administrator", "sachbearbeiter", "einkäufer"}
        | {"sachbearbeiterin", "einkäuferin", "entwickler", "entwicklerin", "referent", "referentin"}
        | {"ingénieur", "ingénieure", "acheteur", "acheteuse", "analyste", "assistante"}
    ),
}
_HISTORY_FIELDS: Spellings = {
    "stage": frozenset({"stage", "stagename", "stage name", "deal stage", "phase", "étape", "sales stage"}),
    "amount": frozenset({"amount", "betrag", "montant", "value", "deal value"}),
    "close_date": frozenset(
        {"close date", "closedate", "close_date", "schlusstermin", "date de clôture", "expected close date"}
    ),
}


def meaning(text: str, words: Spellings) -> str:
    """Which of our words the text is one of the spellings of; empty for none."""
    key = fold(text)
    return next((word for word, spellings in words.items() if key in spellings or key == word), "")


def level_of(title: str) -> str:
    """The level that a title names exactly; empty for any other: nobody is placed by a part of their title."""
    plain = re.sub(r"\s*\(.*\)$", "", title)
    return meaning(plain, TITLES)


def history_field(text: str) -> str:
    return meaning(text, _HISTORY_FIELDS)
