from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported to register: kinds of notices with the outbox, and what this app tells the ones below it.
        from meetings.mails import (  # noqa: F401
            calendar_invites,
            commitment_reminders,
            escalation,
            handover,
            meeting_reminders,
            recap,
            week_reminders,
        )
        from meetings.registry import (  # noqa: F401
            audit_labels,
            exported_facts,
            handovers,
            metrics,
            navigation,
            row_counts,
            sweep_steps,
        )
