"""Files as people upload them, and the steps that follow, in the shape of the pages."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from deals.models import ImportRun

HEADERS = "id,name,account,owner,stage,amount,close date"
OPEN = "D1,Plant two,Brandt,Ann Lee,Proposal,12000,2027-02-26"
WON = "D2,Pilot,Osram,Ann Lee,Won,5000,2026-10-15"
LOST = "D3,Retrofit,Siemens,Ann Lee,Lost,7000,2026-09-01"


def table(*rows: str, headers: str = HEADERS) -> str:
    return "\n".join([headers, *rows]) + "\n"


def upload(client: Client, text: str | bytes, *, scope: str = "team:north", **fields: Any) -> ImportRun:
    """Upload a file on the page, and answer its run."""
    content = text if isinstance(text, bytes) else text.encode()
    data = {"kind": "deals", "scope": scope, "token": str(uuid.uuid4())} | fields
    data["file"] = SimpleUploadedFile("deals.csv", content)
    response = client.post(reverse("deals:imports"), data)
    assert response.status_code == 302, response.content.decode()
    return ImportRun.objects.latest("pk")


def answer(client: Client, run: ImportRun, **given: str) -> ImportRun:
    """Save the page of what was understood as it is, but for these fields and the answers that are not given:
    everything belongs here, and the file is a part of what the CRM has.
    """
    address = reverse("deals:import_answers", args=(run.pk,))
    form = client.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    usual = {"completeness": "part", "pipelines": "read", "record_types": "read"}
    data |= {
        name: usual[key.partition(":")[0]]
        for name, key in form.keys.items()
        if name.startswith("doubt") and key.partition(":")[0] in usual
    }
    data |= given
    response = client.post(address, data)
    assert response.status_code == 302, form_errors(response)
    return reread(run)


def form_errors(response: Any) -> Any:
    return response.context["form"].errors if response.context else response.status_code


def press(client: Client, step: str, run: ImportRun, **data: str) -> ImportRun:
    client.post(reverse(f"deals:import_{step}", args=(run.pk,)), data)
    return reread(run)


def reread(run: ImportRun) -> ImportRun:
    return ImportRun.objects.get(pk=run.pk)
