"""What an admin may read in an archive of what this room keeps, and what never leaves the installation."""

from alignment.archives.kinds import facts, left_out, stays

facts(
    "alignment.Company", "alignment.Holiday", "alignment.Team", "alignment.Seat", "alignment.PlannedSeat",
    "alignment.Membership", "alignment.Invite", "alignment.Goal", "alignment.GoalChange", "alignment.Absence", "alignment.Entry",
    "alignment.User",
)  # fmt: skip

stays("token", why="It makes a form sent twice one row; the row in another installation gets its own.")
stays("alignment.User.password", "alignment.User.calendar_token", why="Whoever has it gets in.")
stays("alignment.Preference.chat_url", why="Whoever knows it can write in the chat.")
stays(
    "alignment.User.is_staff",
    "alignment.User.is_superuser",
    why="It is a right over this installation, not over the company.",
)
stays("alignment.User.last_login", why="It says how this installation was used, and nothing of the company.")

left_out(
    "alignment.Notice",
    why="What was sent was sent from here; what is still owed is owed anew where the company goes.",
)
left_out("alignment.Archive", why="The archives themselves: they lie in this installation and lapse.")
left_out(
    "alignment.AddressChange", why="A new address waits a day to be confirmed by a link of this installation."
)
left_out("alignment.Heartbeat", why="The clock of this installation.")
left_out(
    "alignment.User_groups", "alignment.User_user_permissions", "admin.LogEntry",
    why="Rights in the emergency admin of this installation, and what was done there.",
)  # fmt: skip
left_out(
    "account.EmailAddress",
    "account.EmailConfirmation",
    why="The address is in alignment.User; how it was confirmed is not.",
)
left_out("mfa.Authenticator", why="A second factor and a passkey hold for one site; they are set up anew.")
left_out("usersessions.UserSession", why="Who is signed in where.")
left_out(
    "socialaccount.SocialAccount", "socialaccount.SocialToken", "socialaccount.SocialApp",
    why="Sign-in through a provider is set up for one site.",
)  # fmt: skip
