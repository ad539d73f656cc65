from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "deals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported to register what this app tells the ones below it.
        from deals.registry import (  # noqa: F401
            agreements,
            audit_labels,
            exported_facts,
            former_capacity,
            links,
            navigation,
            people,
            row_counts,
            stored_files,
            sweep_steps,
        )
