"""The pipelines and stages of a company's CRM, and what each stage means."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from alignment.db.search_keys import SearchKeyField
from alignment.models import Company, User


class Pipeline(models.Model):
    """A pipeline or record type, as a CRM names it."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="pipelines")
    source = models.CharField(max_length=20, blank=True, help_text="Which CRM; empty: not known.")
    name = models.CharField(max_length=120)
    name_key = SearchKeyField("name")

    class Meta:
        ordering = ("name_key", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("company", "source", "name_key"), name="one_pipeline_a_name_and_source"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """A stage of a pipeline in its order. Without `stated_by`, the CRM's own list says what it means."""

    class Meaning(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)
    name_key = SearchKeyField("name")
    meaning = models.CharField(max_length=8, choices=Meaning)
    stated_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    stated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=("pipeline", "name_key"), name="one_stage_a_name_and_pipeline"),
            models.CheckConstraint(
                condition=Q(meaning__in=("open", "won", "lost")), name="stage_meaning_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
