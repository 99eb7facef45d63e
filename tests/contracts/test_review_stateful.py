"""Whatever moderators, authors, readers and the clock do, in whatever order, the books agree."""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from ledger import Known, Made
from sqlalchemy import text

from moderation.domain.comment import Author, Judgement, Status, Submission
from moderation.domain.decision import Label, Reason
from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.key import Role
from moderation.domain.report import Report
from moderation.domain.site import Policy
from moderation.errors import NotFound, NotUndoable, SecondPersonNeeded, StaleVersion
from moderation.review.audit import verify
from moderation.review.batches import Selection, decide_all
from moderation.review.claims import claim_next, release
from moderation.review.decide import Ruling, decide
from moderation.review.undo import undo, undo_batch
from moderation.storage.listing import Listing
from moderation.submission.amend import Own, amend, withdraw

LASTING = timedelta(minutes=10)
PEOPLE = st.integers(0, 2)
MOST = 5  # comments: more would seldom meet twice
COMMENTS = st.integers(0, MOST - 1)
VERDICTS = st.sampled_from(Verdict)
REASONS = st.sampled_from([Reason.SPAM, Reason.ABUSIVE, Reason.ILLEGAL_CONTENT])
STANDING = text("SELECT id, status, version, reports, reason FROM comments WHERE site_id = :s")
MISCOUNTED = text(
    "SELECT thread_id, status, n FROM counts WHERE site_id = :s AND thread_id <> 0 AND n <> 0"
    " EXCEPT SELECT thread_id, status, count(*) FROM comments WHERE site_id = :s"
    " GROUP BY thread_id, status"
)
WAITING = text(
    "SELECT comment_id, count(*) FROM reports JOIN comments ON comments.id = comment_id"
    " WHERE site_id = :s AND resolved_at IS NULL GROUP BY comment_id"
)


class Review(RuleBasedStateMachine):
    """Moderators, authors and readers at work on one site, and what should come of it."""

    def __init__(self, database, engine, now):
        super().__init__()
        self.database, self.now = database, now
        self.looking = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.desk = SimpleNamespace(
            database=database,
            model=SimpleNamespace(opinion=lambda *_: None),
            checks=(),
            fold=str.lower,
            fence_of=lambda _: None,
        )
        with database.transaction() as tx:
            name = f"site-{new_id(now)}"
            policy = Policy(two_person_rule=True, edit_window=timedelta(days=9))
            self.site = tx.sites.add(name, [], "fr", policy, now)
            tokens = [tx.keys.add(self.site, Role.MODERATOR, f"P{n}", now) for n in range(3)]
            self.people = [tx.keys.by_token(token, now).holder for token in tokens]
        self.comments = []
        self.claims = {}  # place of the comment: person, until
        self.decisions, self.batches = [], []
        for place, verdict in enumerate([Verdict.HOLD, Verdict.PUBLISH, Verdict.HOLD]):
            self.arrive_with(verdict, place)

    def tick(self):
        self.now += timedelta(seconds=1)

    def pick(self, number):
        return self.comments[number % len(self.comments)]

    def free(self, known):
        self.claims.pop(known.id, None)

    @rule(verdict=VERDICTS, thread=st.integers(0, 2))
    def arrive(self, verdict, thread):
        if len(self.comments) < MOST:
            self.arrive_with(verdict, thread)

    def arrive_with(self, verdict, thread):
        self.tick()
        sent = Submission(
            site=self.site,
            thread_url=f"https://journal.example/{thread}",
            thread_title="",
            parent=None,
            author=Author("Lucie"),
            text="Bonjour",
            honeypot="",
            client="c",
            locale="fr",
            is_from_page=True,
            received_at=self.now,
        )
        with self.database.transaction() as tx:
            comment_id = new_id(self.now)
            judged = Judgement(verdict, (), None, None)
            tx.comments.add(sent, judged, comment_id=comment_id, html="", fingerprint="")
        self.comments.append(Known(comment_id, Status.after(verdict)))

    @rule(person=PEOPLE)
    def claim(self, person):
        self.tick()
        listing = Listing(self.site.id, status=Status.HELD)

        found = claim_next(listing, self.people[person], self.database, self.now, LASTING)

        taken = {id for id, (_, until) in self.claims.items() if until > self.now}
        free = [one.id for one in self.comments if one.status is Status.HELD if one.id not in taken]
        assert (found is None) == (not free)
        if found:
            assert found.comment.id == free[-1]  # the newest
            self.claims[found.comment.id] = (person, self.now + LASTING)

    @rule(person=PEOPLE, number=COMMENTS)
    def let_go(self, person, number):
        known = self.pick(number)
        held_by = self.claims.get(known.id, (None,))[0]

        try:
            release(known.id, self.people[person], self.database, self.now)
        except NotFound:
            assert held_by != person
        else:
            assert held_by == person
            self.free(known)

    @rule(person=PEOPLE, number=COMMENTS, verdict=VERDICTS, reason=REASONS, late=st.integers(-1, 1))
    def decide(self, person, number, verdict, reason, late):
        known = self.pick(number)
        self.tick()
        version = max(1, known.version + late * (number % 2))
        ruling = Ruling(verdict, reason, "", version)

        try:
            made, after = decide(known.id, ruling, self.people[person], self.database, self.now)
        except NotFound:
            assert known.status is Status.WITHDRAWN
        except StaleVersion as stale:
            current = stale.current
            assert version != known.version
            assert current.version == known.version
        except SecondPersonNeeded:
            assert known.comes_to(verdict, reason, person) is None
        else:
            assert (version, known.status is Status.WITHDRAWN) == (known.version, False)
            assert made.verdict is known.comes_to(verdict, reason, person)
            self.decisions.append((known, known.decide(made.verdict, reason, person, made.id)))
            assert (after.status, after.version) == (known.status, known.version)
            self.free(known)

    @rule(person=PEOPLE, number=COMMENTS)
    def take_back(self, person, number):
        if not self.decisions:
            return
        self.tick()
        known, made = self.decisions[-1 - number % len(self.decisions)]

        try:
            _, after = undo(made.id, self.people[person], self.database, self.now)
        except NotFound:
            assert known.status is Status.WITHDRAWN
        except NotUndoable:
            assert made.is_undone
        except StaleVersion:
            assert not made.is_undone
            assert not known.is_undoable(made)
        else:
            assert known.is_undoable(made)
            known.undo(made, person)
            assert (after.status, after.reports) == (known.status, len(known.open))
            self.free(known)

    @rule(
        person=PEOPLE,
        numbers=st.lists(COMMENTS, min_size=1, max_size=4),
        verdict=VERDICTS,
        reason=REASONS,
    )
    def decide_many(self, person, numbers, verdict, reason):
        self.tick()
        several = list({one.id: one for one in map(self.pick, numbers)}.values())
        self._batch(
            person,
            several,
            Selection(self.site.id, tuple(one.id for one in several)),
            verdict,
            reason,
        )

    @rule(
        person=PEOPLE,
        status=st.sampled_from([Status.HELD, Status.PUBLISHED]),
        verdict=VERDICTS,
        reason=REASONS,
    )
    def decide_all_of(self, person, status, verdict, reason):
        self.tick()
        several = [one for one in self.comments if one.status is status]
        selection = Selection(self.site.id, listing=Listing(self.site.id, status=status))
        self._batch(person, several, selection, verdict, reason)

    def _batch(self, person, several, selection, verdict, reason):
        standing = [one for one in several if one.status is not Status.WITHDRAWN]
        outcomes = [one.comes_to(verdict, reason, person) for one in standing]

        try:
            batch, _ = decide_all(
                selection, verdict, reason, "", self.people[person], self.database, self.now
            )
        except SecondPersonNeeded:
            assert None in outcomes
            return
        assert None not in outcomes
        assert batch.count == len(standing)
        with self.database.read() as memory:
            ids = {made.comment_id: made.id for made in memory.decisions.of_batch(batch.id)}
        assert set(ids) == {one.id for one in standing}
        made = []
        for one, outcome in zip(standing, outcomes, strict=True):
            made.append((one, one.decide(outcome, reason, person, ids[one.id])))
            self.free(one)
        self.batches.append([batch.id, made, False])
        self.decisions += made

    @rule(person=PEOPLE, number=COMMENTS)
    def take_batch_back(self, person, number):
        if not self.batches:
            return
        self.tick()
        place = -1 - number % len(self.batches)
        batch_id, made, is_undone = self.batches[place]

        try:
            batch, skipped = undo_batch(batch_id, self.people[person], self.database, self.now)
        except NotUndoable:
            assert is_undone
            return
        assert not is_undone
        standing = [(known, one) for known, one in made if known.is_undoable(one)]
        assert (batch.count, skipped) == (len(standing), len(made) - len(standing))
        for known, one in standing:
            known.undo(one, person)
            self.free(known)
        self.batches[place][2] = True

    @rule(number=COMMENTS)
    def edit(self, number):
        known = self.pick(number)
        if known.status is Status.WITHDRAWN:
            return
        self.tick()

        after = amend(self._own(known), f"Texte {self.now}", self.desk, self.now).comment

        # Without a model nothing is found: the comment stands where it stood.
        assert after.status is known.status
        known.made.append(Made(known.status.verdict, None, None, known.status, set()))
        self.free(known)

    @rule(number=COMMENTS)
    def leave(self, number):
        known = self.pick(number)
        if known.status is Status.WITHDRAWN or number % 3:
            return
        self.tick()

        withdraw(self._own(known), self.desk, self.now)

        known.status, known.open = Status.WITHDRAWN, set()
        known.withdrawals += 1
        self.free(known)

    def _own(self, known):
        with self.database.read() as memory:
            return Own(memory.comments.get(known.id, self.site.id), self.site, "token")

    @rule(number=COMMENTS, reader=st.integers(0, 3))
    def complain(self, number, reader):
        known = self.pick(number)
        if known.status is not Status.PUBLISHED:
            return
        self.tick()
        made = Report(new_id(self.now), known.id, Reason.ABUSIVE, "", f"r{reader}", self.now)

        with self.database.transaction() as tx:
            n = tx.reports.add(made)

        if reader not in known.reporters:
            known.reporters.add(reader)
            known.open.add(reader)
        assert n == len(known.open)

    @rule(minutes=st.sampled_from([1, 4, 11]))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @invariant()
    def every_comment_stands_where_it_should(self):
        site = {"s": self.site.id}
        stored = self.looking.execute(STANDING, site).all()
        waiting = {row[0]: row[1] for row in self.looking.execute(WAITING, site)}
        assert waiting == {one.id: len(one.open) for one in self.comments if one.open}
        assert {tuple(row) for row in stored} == {
            (one.id, one.status.value, one.version, len(one.open), one.reason and one.reason.value)
            if one.status is not Status.WITHDRAWN
            else (one.id, "withdrawn", one.version, 0, one.reason and one.reason.value)
            for one in self.comments
        }

    def counters_agree_with_what_they_count(self):
        with self.database.read() as memory:
            counted = memory.counts.of_site(self.site.id)
        there = Counter(one.status for one in self.comments)
        assert {status: n for status, n in counted.items() if n} == {
            status: n for status, n in there.items() if status in counted
        }
        threads = self.looking.execute(MISCOUNTED, {"s": self.site.id}).all()
        assert threads == []

    def histories_are_whole(self):
        with self.database.read() as memory:
            found = memory.decisions.histories([one.id for one in self.comments])
        for one in self.comments:
            history = found.get(one.id, ())
            assert [made.from_version for made in history] == list(range(1, len(one.made) + 1))
            assert [(m.verdict, m.reason, m.from_status, m.key_id) for m in history] == [
                (m.verdict, m.reason, m.was, None if m.by is None else self.people[m.by].id)
                for m in one.made
            ]

    @invariant()
    def claims_are_on_waiting_comments_alone(self):
        with self.database.read() as memory:
            found = memory.claims.about([one.id for one in self.comments], self.now)
        live = {id: by for id, (by, until) in self.claims.items() if until > self.now}
        assert {id: claim.key_id for id, claim in found.items()} == {
            id: self.people[by].id for id, by in live.items()
        }
        held = {one.id for one in self.comments if one.status is Status.HELD}
        assert set(live) <= held

    def labels_are_what_people_last_stood_by(self):
        with self.database.read() as memory:
            found = {
                comment.id: Label.of(made.verdict, made.reason)
                for made, comment in memory.labels.since(site_id=self.site.id)
            }
        assert found == {one.id: one.label for one in self.comments if one.label}

    def the_audit_fits(self):
        found = verify(self.site, self.database, None, lambda _: None)
        assert (found.length, found.misfit) == (sum(len(one.made) for one in self.comments), None)

    def teardown(self):
        """Check at the end what any wrong step leaves its mark on."""
        self.counters_agree_with_what_they_count()
        self.histories_are_whole()
        self.labels_are_what_people_last_stood_by()
        self.the_audit_fits()
        self.looking.close()


def test_whatever_happens_the_books_agree(database, engine, now):
    examples = 30 if engine.dialect.name == "sqlite" else 10  # a server takes its time
    run_state_machine_as_test(
        lambda: Review(database, engine, now),
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
