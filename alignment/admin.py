"""The emergency admin: every row can be looked at; content of meetings and notices is not listed. What is for its
people alone has no page.
"""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models

from alignment.models import Preference, User
from alignment.models.people import is_for_its_people_alone


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "timezone", "locale")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),)


@admin.register(Preference)
class PreferenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    raw_id_fields = ("user",)
    exclude = ("chat_url",)  # whoever knows it can write there


def register_all(app: str) -> None:
    """Register every model of an app that has no page of its own, with raw ids so that a page stays small."""
    for model in apps.get_app_config(app).get_models():
        if model in admin.site._registry:  # noqa: SLF001 - the admin offers no other way to ask in bulk
            continue
        if is_for_its_people_alone(model):
            continue
        fields = model._meta.fields  # noqa: SLF001
        references = [field.name for field in fields if isinstance(field, models.ForeignKey)]
        admin.site.register(
            model, type(f"{model.__name__}Admin", (admin.ModelAdmin,), {"raw_id_fields": references})
        )


register_all("alignment")
