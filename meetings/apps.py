from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported to register: kinds of notices with the outbox, and what this app tells the ones below it.
        from meetings.mails import (  # noqa: F401
            calendar_invites,
            ceo_reminders,
            commitment_reminders,
            congratulations,
            escalation,
            handover,
            meeting_reminders,
            personal_links,
            question_reminders,
            recap,
        )
        from meetings.registry import (  # noqa: F401
            agreements,
            audit_labels,
            captures,
            commits,
            days_off,
            exported_facts,
            former_approvals,
            former_measures,
            handovers,
            links,
            merged_deals,
            metrics,
            navigation,
            panels,
            row_counts,
            stated_revenue,
            sweep_steps,
        )
