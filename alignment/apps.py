from django.apps import AppConfig


class AlignmentConfig(AppConfig):
    name = "alignment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported to register: kinds of notices with the outbox, and what the other registries ask for.
        from alignment.people import mails as people_mails  # noqa: F401
        from alignment.registry import audit_labels, exported_facts, navigation, sweep_steps  # noqa: F401
        from alignment.sign_in import mails, security_alerts  # noqa: F401
