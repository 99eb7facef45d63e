"""What can be done within one transaction: a repository for each noun."""

from sqlalchemy import Connection

from moderation.storage.answers import Answers
from moderation.storage.arrivals import Arrivals
from moderation.storage.audit import Audit
from moderation.storage.authors import Authors
from moderation.storage.batches import Batches
from moderation.storage.blocks import Blocks
from moderation.storage.claims import Claims
from moderation.storage.comments import Comments
from moderation.storage.conversations import Conversations
from moderation.storage.counts import Counts
from moderation.storage.decisions import Decisions
from moderation.storage.deliveries import Deliveries
from moderation.storage.digests import Digests
from moderation.storage.drift_counts import DriftCounts
from moderation.storage.figures import Figures
from moderation.storage.fingerprints import Fingerprints
from moderation.storage.keys import Keys
from moderation.storage.labels import Labels
from moderation.storage.marks import Marks
from moderation.storage.model_changes import ModelChanges, Trainings
from moderation.storage.outbox import Outbox
from moderation.storage.people import People
from moderation.storage.recent import Recent
from moderation.storage.reports import Reports
from moderation.storage.resembling import Resembling
from moderation.storage.revisions import Revisions
from moderation.storage.seeding import Seeding
from moderation.storage.sessions import Sessions
from moderation.storage.shadows import Shadows
from moderation.storage.sites import Sites
from moderation.storage.threads import Threads
from moderation.storage.webhooks import Webhooks


class Transaction:
    """What can be done within one transaction, by noun."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def sites(self) -> Sites:
        """Sites and their keys."""
        return Sites(self._connection)

    @property
    def keys(self) -> Keys:
        """Tokens of moderators and operators."""
        return Keys(self._connection)

    @property
    def people(self) -> People:
        """Who signs in to the console."""
        return People(self._connection)

    @property
    def sessions(self) -> Sessions:
        """Who is signed in."""
        return Sessions(self._connection)

    @property
    def threads(self) -> Threads:
        """Pages that are commented on."""
        return Threads(self._connection)

    @property
    def comments(self) -> Comments:
        """Comments with their findings."""
        return Comments(self._connection)

    @property
    def fingerprints(self) -> Fingerprints:
        """Texts that came in before."""
        return Fingerprints(self._connection)

    @property
    def arrivals(self) -> Arrivals:
        """Comments in the order they came in, for whoever looks through all of them."""
        return Arrivals(self._connection)

    @property
    def conversations(self) -> Conversations:
        """Published comments, as readers see them."""
        return Conversations(self._connection)

    @property
    def authors(self) -> Authors:
        """What is known about who signs comments."""
        return Authors(self._connection)

    @property
    def decisions(self) -> Decisions:
        """Decisions about comments."""
        return Decisions(self._connection)

    @property
    def claims(self) -> Claims:
        """Comments in somebody's hands."""
        return Claims(self._connection)

    @property
    def batches(self) -> Batches:
        """Many decisions made at once."""
        return Batches(self._connection)

    @property
    def blocks(self) -> Blocks:
        """Whom and what sites do not want."""
        return Blocks(self._connection)

    @property
    def recent(self) -> Recent:
        """The latest comments, read lightly."""
        return Recent(self._connection)

    @property
    def audit(self) -> Audit:
        """Who did what, when, in view of what."""
        return Audit(self._connection)

    @property
    def outbox(self) -> Outbox:
        """What webhooks are to be told."""
        return Outbox(self._connection)

    @property
    def webhooks(self) -> Webhooks:
        """Addresses that want to be told of events."""
        return Webhooks(self._connection)

    @property
    def deliveries(self) -> Deliveries:
        """Events on their way to webhooks."""
        return Deliveries(self._connection)

    @property
    def digests(self) -> Digests:
        """What a newsroom is told once a day."""
        return Digests(self._connection)

    @property
    def reports(self) -> Reports:
        """What readers report."""
        return Reports(self._connection)

    @property
    def revisions(self) -> Revisions:
        """Texts that were replaced."""
        return Revisions(self._connection)

    @property
    def labels(self) -> Labels:
        """People's decisions as training data."""
        return Labels(self._connection)

    @property
    def counts(self) -> Counts:
        """How many comments there are."""
        return Counts(self._connection)

    @property
    def answers(self) -> Answers:
        """Answers kept for requests that come twice."""
        return Answers(self._connection)

    @property
    def model_changes(self) -> ModelChanges:
        """Changes of champion."""
        return ModelChanges(self._connection)

    @property
    def trainings(self) -> Trainings:
        """Trainings on people's decisions."""
        return Trainings(self._connection)

    @property
    def shadows(self) -> Shadows:
        """What challengers would have made of comments."""
        return Shadows(self._connection)

    @property
    def drift_counts(self) -> DriftCounts:
        """Weekly histograms beside those of the training data."""
        return DriftCounts(self._connection)

    @property
    def figures(self) -> Figures:
        """What came in and was decided lately."""
        return Figures(self._connection)

    @property
    def resembling(self) -> Resembling:
        """What is like a comment, and what is near it."""
        return Resembling(self._connection)

    @property
    def seeding(self) -> Seeding:
        """Comments with a past, thousands at once."""
        return Seeding(self._connection)

    @property
    def marks(self) -> Marks:
        """What the worker remembers."""
        return Marks(self._connection)
