"""What the builders share: the environment of the demo company, one random source, and what was made so far."""

from dataclasses import dataclass, field
from random import Random

SEED = 19


@dataclass
class World:
    """The state of the play. ``env`` is always in the demo company, in Italian time."""

    env: object
    company: object
    random: Random = field(default_factory=lambda: Random(SEED))
    customers: object = None
    machines: object = None
    parts: object = None
    technicians: object = None
    offers: object = None
    failure: dict = field(default_factory=dict)
    users: dict = field(default_factory=dict)
    notices: dict = field(default_factory=dict)  # stage: mail template, while the past is made
    clock: object = None  # freezegun: moves the time in which the play is played
    busy: set = field(default_factory=set)  # (technician id, half day) already taken

    def as_user(self, login: str):
        """Return the environment seen with the rights of a demo user."""
        return self.env(
            user=self.users[login], context=dict(self.env.context, allowed_company_ids=self.company.ids)
        )

    def go_to(self, moment) -> None:
        """Let the time of the play be ``moment`` (naive, UTC)."""
        self.clock.move_to(moment)
