from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "deals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported to register what this app tells the ones below it.
        from deals.registry import audit_labels, exported_facts, navigation, row_counts  # noqa: F401
