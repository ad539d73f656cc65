"""Imports: the run of one file, what it says of each row, and what people confirmed about such files."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import F, OuterRef, Q

from alignment.models import Company, Seat, Team, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

CLAIM_LASTS = timedelta(minutes=5)
LAST_ATTEMPT = 3
STORED_FOR = timedelta(days=30)
"""Days for which the file and the rows of a run are stored, and for which it can be undone."""


class ImportKind(models.TextChoices):
    """What a table is a list of."""

    DEALS = "deals", "Deals"
    REVENUE = "revenue", "Revenue"
    ACCOUNTS = "accounts", "Accounts"
    CONTACTS = "contacts", "Contacts"
    HISTORY = "history", "History of deals"


def teams_planned_by(user: User | AnonymousUser) -> models.QuerySet[Seat, Any]:
    """The ids of the teams on whose leader's side the user sits now: as the sales leader or a delegate of theirs."""
    return Seat.objects.on_leaders_side().filter(user=user.pk).order_by().values("team")


def companies_administered_by(user: User | AnonymousUser) -> models.QuerySet[Any, Any]:
    return (
        Company.objects.filter(memberships__user=user.pk, memberships__is_admin=True).order_by().values("pk")
    )


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def waiting_unseen(self) -> Self:
        """What came to an upload address, waits for a person and was not looked at."""
        waiting = (ImportRun.State.UNDERSTOOD, ImportRun.State.PREVIEWED, ImportRun.State.FAILED)
        return self.filter(is_sent=True, state__in=waiting, seen_at=None, deleted_at=None)

    def mark_seen(self, user: User, now: datetime) -> None:
        """The leader's side looks: what waits for it is announced no more."""
        unseen = self.waiting_unseen().readable_by(user)
        if pks := list(unseen.values_list("pk", flat=True)):
            self.filter(pk__in=pks).update(seen_at=now)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those the user may read (`readable_by`), and every run of the companies they administer."""
        return self.filter(_readable_by(user) | Q(company__in=companies_administered_by(user)))

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Those whose rows the user may read: that they started, or that came to their team's upload address."""
        return self.filter(_readable_by(user))

    def working(self) -> Self:
        """Those for which a worker has something to do."""
        return self.filter(state__in=ImportRun.WORK)

    def being_written(self, *, team: Team | OuterRef, company: int | OuterRef) -> Self:
        """Those that may change the team's figures at this moment."""
        rows = self.filter(state__in=ImportRun.CHANGING, company=company)
        return rows.filter(Q(team=None) | Q(team=team))

    def applied_for(self, *, team: Team | OuterRef, company: int | OuterRef) -> Self:
        """Those that brought the team's deals and revenue up to date, the newest first."""
        kinds = (ImportKind.DEALS, ImportKind.REVENUE)
        rows = self.filter(state=ImportRun.State.APPLIED, company=company, kind__in=kinds)
        return rows.filter(Q(team=None) | Q(team=team)).order_by("-applied_at")

    def claim(self, now: datetime, *, pk: int | None = None) -> ImportRun | None:
        """Take the run started first, or this one, unless another process works on it. A claim not renewed for
        CLAIM_LASTS is up again."""
        free = self.working().filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
        rows = free if pk is None else free.filter(pk=pk)
        for run in rows.order_by("started_at", "pk"):
            mine = free.filter(pk=run.pk, attempts=run.attempts, state=run.state)
            if mine.update(attempts=F("attempts") + 1, claimed_until=now + CLAIM_LASTS):
                return self.select_related("company", "team__company").get(pk=run.pk)
        return None

    def expired(self, now: datetime) -> Self:
        """Those whose file and rows are still stored, past their day."""
        return self.filter(deleted_at=None, expires_at__lte=now)


def _readable_by(user: User | AnonymousUser) -> Q:
    """Who started it, as long as they may import there; of what was sent to a team's address, its leader's side."""
    planned = Q(team__in=teams_planned_by(user))
    started = Q(started_by=user.pk) & (planned | Q(company__in=companies_administered_by(user)))
    return started | (Q(is_sent=True) & planned)


class ImportNotAllowed(Exception):
    """The step cannot be taken now; nothing was changed. The text is for people."""


class ImportRun(models.Model):
    """One file, from its upload to its undoing. Without a team it is the company's, imported by an admin.

    uploaded → understood → comparing → previewed → applying → applied → undoing → undone; failed and expired end it.
    Of these uploaded, comparing, applying and undoing are work: whoever claims the row does it.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Being read"
        UNDERSTOOD = "understood", "Waiting for answers"
        COMPARING = "comparing", "Being compared"
        PREVIEWED = "previewed", "Ready to apply"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        FAILED = "failed", "Could not be imported"
        EXPIRED = "expired", "Deleted"

    WORK = (State.UPLOADED, State.COMPARING, State.APPLYING, State.UNDOING)
    CHANGING = (State.APPLYING, State.UNDOING)
    OPEN = (State.UNDERSTOOD, State.COMPARING, State.PREVIEWED)

    company = models.ForeignKey(Company, models.CASCADE, related_name="import_runs")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="import_runs")
    kind = models.CharField(max_length=8, choices=ImportKind)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="The name of its file.")
    token = models.UUIDField(
        unique=True, default=uuid.uuid4, editable=False, help_text="Of the form: sent twice, it is one run."
    )
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    answers = models.JSONField(default=dict, help_text="What people said of the file (deals.imports).")
    choices = models.JSONField(
        default=dict, help_text="Whose deals are whose, and what to do with missing ones."
    )
    is_answered = models.BooleanField(default=False, help_text="Somebody has looked at what was understood.")
    headers_key = models.CharField(
        max_length=64, blank=True, help_text="Names the set of headers of the file."
    )
    understanding = models.JSONField(default=dict, help_text="What was understood, as the page says it.")
    summary = models.JSONField(default=dict, help_text="Counts, and revenue per month before and after.")
    is_sent = models.BooleanField(default=False, help_text="Came to the team's upload address.")
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent of what is being done.")
    error = models.CharField(max_length=600, blank=True, help_text="Why it stopped, for people.")
    started_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    applied_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="When its file and rows were deleted.")
    seen_at = models.DateTimeField(
        null=True, blank=True, help_text="Of what came to an upload address: when somebody first looked."
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("company",),
                condition=Q(state__in=("applying", "undoing")),
                name="one_import_of_a_company_is_written",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="import_progress_is_per_cent"),
            models.CheckConstraint(
                condition=Q(kind__in=("deals", "revenue", "accounts", "contacts", "history")),
                name="import_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(
                        *("uploaded", "understood", "comparing", "previewed", "applying", "applied"),
                        *("undoing", "undone", "failed", "expired"),
                    )
                ),
                name="import_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(applied_at__isnull=False), name="an_undone_import_was_applied"
            ),
        ]
        indexes = [
            # What the workers look for.
            models.Index(
                fields=("started_at",),
                condition=Q(state__in=("uploaded", "comparing", "applying", "undoing")),
                name="import_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_kind_display()})"

    @property
    def what_it_waits_for(self) -> str:
        """Of one that came to an upload address and was not applied by itself."""
        sentences = {
            self.State.UNDERSTOOD: "It needs an answer from you.",
            self.State.PREVIEWED: "It waits for you to apply it.",
            self.State.FAILED: "It could not be read.",
        }
        return sentences.get(self.State(self.state), "")

    @property
    def is_working(self) -> bool:
        return self.state in self.WORK

    def can_read_rows(self, user: User) -> bool:
        return ImportRun.objects.readable_by(user).filter(pk=self.pk).exists()

    def can_undo(self, user: User) -> bool:
        """Whoever may read it, and the admins of the company."""
        return ImportRun.objects.visible_to(user).filter(pk=self.pk).exists()

    @property
    def owner_choices(self) -> dict[str, str]:
        """Owners as the file names them → the slugs of the teams somebody chose for them.

        Stored as pairs: a name that has to be erased is found in values, not in keys.
        """
        return dict(self.choices.get("owners", ()))

    @property
    def has_rows(self) -> bool:
        return self.deleted_at is None

    def move(self, state: str, *, of: Collection[str], **fields: Any) -> bool:
        """To another state, of one of these; False when somebody else was faster. The claim ends."""
        fields |= {"state": state, "claimed_until": None, "attempts": 0, "progress": 0}
        moved = ImportRun.objects.filter(pk=self.pk, state__in=of).update(**fields)
        if moved:
            for name, value in fields.items():
                setattr(self, name, value)
        return bool(moved)

    def answer(self, answers: dict[str, Any], choices: dict[str, Any]) -> bool:
        """Read the file again with these answers."""
        fields = {"answers": answers, "choices": choices, "is_answered": True, "error": ""}
        return self.move(self.State.UPLOADED, of=(*self.OPEN, self.State.FAILED), **fields)

    def start_writing(self, *, by: User | None, now: datetime) -> None:
        """Apply what was previewed. Raises ImportNotAllowed."""
        fields = {"applied_by": by, "applied_at": now, "error": ""}
        self._start(self.State.APPLYING, of=self.State.PREVIEWED, **fields)

    def start_undoing(self, *, by: User | None, now: datetime) -> None:
        """Take back what was applied. Raises ImportNotAllowed."""
        self._start(self.State.UNDOING, of=self.State.APPLIED, undone_by=by, undone_at=now, error="")

    def _start(self, state: str, *, of: str, **fields: Any) -> None:
        try:
            with transaction.atomic():
                moved = self.move(state, of=(of,), **fields)
        except IntegrityError as error:
            raise ImportNotAllowed(
                "Another import of this company is being written. Nothing was changed; try again in a minute."
            ) from error
        if not moved:
            self.refresh_from_db()
            raise ImportNotAllowed(self.why_not)

    @property
    def why_not(self) -> str:
        """Why a step that was possible a moment ago is not now."""
        sentences = {
            self.State.APPLYING: "This import is already being applied.",
            self.State.APPLIED: "This import was already applied. Nothing was changed twice.",
            self.State.UNDOING: "This import is already being undone.",
            self.State.UNDONE: "This import was already undone. Nothing was changed twice.",
            self.State.EXPIRED: "The rows of this import were deleted. Upload the file again.",
        }
        return sentences.get(self.State(self.state), "This import has changed meanwhile. Nothing was done.")

    def renew_claim(self, now: datetime, *, progress: int) -> bool:
        """Say how far it is; False when somebody else ended it."""
        row = ImportRun.objects.filter(pk=self.pk, state=self.state)
        return bool(row.update(claimed_until=now + CLAIM_LASTS, progress=progress))

    def release(self) -> None:
        """Not done this time; another attempt may begin at once."""
        ImportRun.objects.filter(pk=self.pk, state=self.state).update(claimed_until=None)


class ImportRow(models.Model):
    """What a run says of one row of its file, or (`number` 0) of something that had to be made with it.

    `before` and `after` are what differs, as JSON; `target` is the row of the database that it is about, at `version`
    when it was compared and at `applied_version` once it was applied.
    """

    class Verdict(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        REFUSED = "refused", "Refused"
        LEFT_OUT = "left_out", "Left out"
        MISSING = "missing", "Missing from the file"

    WRITTEN = (Verdict.NEW, Verdict.CHANGED)

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    thing = models.CharField(max_length=8, help_text="What it is about: a kind of import, or a rep.")
    verdict = models.CharField(max_length=9, choices=Verdict)
    reason = models.CharField(max_length=400, blank=True)
    name = models.CharField(max_length=300, blank=True, help_text="What people call it.")
    target = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    applied_version = models.PositiveIntegerField(null=True, blank=True)
    is_applied = models.BooleanField(default=False)
    is_undone = models.BooleanField(default=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    cells = models.JSONField(default=dict, help_text="Of a refused row: each header and its cell.")

    class Meta:
        ordering = ("run", "verdict", "number", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    verdict__in=("new", "changed", "unchanged", "refused", "left_out", "missing"),
                ),
                name="import_verdict_is_known",
            )
        ]
        indexes = [
            # The lists of a preview, and what is still to be written.
            models.Index(fields=("run", "verdict", "number"), name="import_rows_of_a_verdict"),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}: {self.verdict}"


class ImportMapping(models.Model):
    """What a person confirmed about tables with these headers; proposed for the next one."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="import_mappings")
    kind = models.CharField(max_length=8, choices=ImportKind)
    headers_key = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("company", "kind", "headers_key"), name="one_mapping_for_a_set_of_headers"
            )
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.kind}"
