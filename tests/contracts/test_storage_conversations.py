"""Conversations: every published comment in its place, however the pages are turned."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import NullPool, create_engine, make_url, text

from moderation.domain.finding import Verdict
from moderation.domain.identifier import new_id
from moderation.domain.reading import Conversation
from moderation.errors import InvalidRequest, NotFound, StoreUnavailable
from moderation.storage.conversations import FIRST_REPLIES
from moderation.storage.database import Database
from moderation.storage.listing import Order
from moderation.storage.threads import ThreadState

PAGE = "https://journal.example/article"
OTHER = "https://journal.example/autre"
ORDERS = (Order.NEWEST, Order.OLDEST)
FAR = 100


@pytest.fixture
def publish(add):
    """Publish comments: `publish(parent=root.id)`."""

    def put(verdict=Verdict.PUBLISH, parent=None, **other):
        return add(verdict=verdict, parent=parent, thread_url=other.pop("url", PAGE), **other)

    return put


@pytest.fixture
def conversations(database, site):
    """Read conversations of a page: `conversations(limit=2)`."""

    def read(url=PAGE, order=Order.NEWEST, cursor=None, limit=50):
        with database.read() as tx:
            page = tx.conversations.standing(site.id, url)
            return tx.conversations.of(page, order=order, cursor=cursor, limit=limit)

    return read


@pytest.fixture
def around(database, site):
    """Read one conversation: `around(comment_id)`."""

    def read(comment_id, url=PAGE, cursor=None, limit=50):
        with database.read() as tx:
            page = tx.conversations.standing(site.id, url)
            return tx.conversations.around(page, comment_id, cursor=cursor, limit=limit)

    return read


@pytest.fixture
def flat(database, site):
    """Read comments of a page by their time: `flat(limit=2)`."""

    def read(url=PAGE, order=Order.NEWEST, cursor=None, limit=50):
        with database.read() as tx:
            page = tx.conversations.standing(site.id, url)
            return tx.conversations.comments_of(page, order=order, cursor=cursor, limit=limit)

    return read


@pytest.fixture
def withdraw(database, now):
    """Let the author of a comment empty it."""

    def act(comment):
        with database.transaction() as tx:
            tx.decisions.withdraw(comment, now + timedelta(hours=1))

    return act


def ids(conversation):
    return [comment.id for comment in conversation.comments]


def test_a_page_nobody_commented_on_has_no_conversation(conversations, flat, database, site):
    with database.read() as tx:
        standing = tx.conversations.standing(site.id, PAGE)

    assert (standing.thread, standing.state) == (None, ThreadState())
    assert (conversations().items, conversations().next) == ((), None)
    assert flat().items == ()


def test_one_look_up_tells_a_pages_thread_and_state(publish, database, site):
    publish()
    publish(Verdict.HOLD)

    with database.read() as tx:
        standing = tx.conversations.standing(site.id, PAGE)
        thread, state = tx.threads.by_url(site.id, PAGE), tx.threads.state(site.id, PAGE)

    assert standing.thread == thread
    assert standing.state == state == ThreadState(1, 1)


def test_a_page_with_held_comments_only_has_a_thread_and_nothing_to_show(
    publish, conversations, database, site
):
    publish(Verdict.HOLD)

    with database.read() as tx:
        standing = tx.conversations.standing(site.id, PAGE)

    assert standing.thread is not None
    assert standing.state == ThreadState()
    assert conversations().items == ()


@pytest.mark.parametrize("order", ORDERS)
def test_conversations_come_by_when_they_began_and_replies_oldest_first(
    publish, conversations, order
):
    first, second = publish(), publish()
    to_first = publish(parent=first.id)
    to_reply = publish(parent=to_first.id)
    publish(url=OTHER)

    found = conversations(order=order).items

    expected = [[first.id, to_first.id, to_reply.id], [second.id]]
    assert [ids(one) for one in found] == (expected if order is Order.OLDEST else expected[::-1])
    assert {one.id: one.replies for one in found} == {first.id: 2, second.id: 0}


def test_readers_get_what_was_written_and_no_address(publish, conversations):
    sent = publish(text="Bonjour & merci", findings=())

    (shown,) = conversations().items[0].comments

    assert (shown.id, shown.root, shown.parent) == (sent.id, sent.id, None)
    assert (shown.author.name, shown.author.email) == (sent.author.name, "")
    assert (shown.text, shown.html, shown.locale) == (sent.text, sent.html, sent.locale)
    assert (shown.created_at, shown.edited_at, shown.member) == (sent.created_at, None, "")


@pytest.mark.parametrize("extra", [0, 1, 5])
def test_the_first_replies_come_with_their_root_and_the_others_when_asked_for(
    publish, conversations, around, extra
):
    root = publish()
    replies = [publish(parent=root.id).id for _ in range(FIRST_REPLIES + extra)]

    (opening,) = conversations().items

    assert ids(opening) == [root.id, *replies[:FIRST_REPLIES]]
    assert opening.replies == len(replies)
    assert (opening.next is not None) == (extra > 0)
    if opening.next:
        assert ids(around(root.id, cursor=opening.next)) == replies[FIRST_REPLIES:]


@pytest.mark.parametrize("number", [1, FIRST_REPLIES, FIRST_REPLIES + 1])
def test_replies_outlive_their_root(publish, conversations, around, withdraw, number):
    root = publish()
    replies = [publish(parent=root.id).id for _ in range(number)]
    withdraw(root)

    (opening,) = conversations().items

    assert (opening.id, opening.replies) == (root.id, number)
    assert ids(opening) == replies[:FIRST_REPLIES]
    assert (opening.next is not None) == (number > FIRST_REPLIES)
    assert ids(around(root.id)) == replies


def test_a_conversation_of_which_nothing_is_published_is_not_there(
    publish, conversations, around, withdraw
):
    root = publish()
    held = publish(Verdict.HOLD, parent=root.id)
    withdraw(root)

    assert conversations().items == ()
    for comment_id in (root.id, held.id):
        with pytest.raises(NotFound):
            around(comment_id)


def test_any_comment_leads_to_its_conversation(publish, around):
    root = publish()
    reply = publish(parent=root.id)
    held = publish(Verdict.HOLD, parent=reply.id)

    for comment in (root, reply, held):
        found = around(comment.id)

        assert isinstance(found, Conversation)
        assert (found.id, ids(found), found.replies) == (root.id, [root.id, reply.id], 1)


@pytest.mark.parametrize(
    "unknown", ["", "unknown", "' OR 1=1 --", "\x00", "0191e2f0-0000-7000-8000-000000000000"]
)
def test_a_conversation_nobody_began_is_not_found(publish, around, unknown):
    publish()

    with pytest.raises(NotFound):
        around(unknown)


def test_a_comment_of_another_page_leads_nowhere(publish, around):
    elsewhere = publish(url=OTHER)
    publish()

    with pytest.raises(NotFound):
        around(elsewhere.id)


def test_a_cursor_is_good_for_its_own_list_alone(publish, conversations, around, flat):
    first, second = publish(), publish()
    for _ in range(3):
        publish(parent=first.id)
        publish(parent=second.id)
    of_page = conversations(limit=1).next
    of_first, of_flat = around(first.id, limit=1).next, flat(limit=1).next

    for read, cursors in (
        (conversations, (of_first, of_flat)),
        (flat, (of_first, of_page)),
        (lambda cursor: around(first.id, cursor=cursor), (of_page, of_flat)),
        (lambda cursor: around(second.id, cursor=cursor), (of_first,)),
        (lambda cursor: conversations(OTHER, cursor=cursor), (of_page,)),
        (lambda cursor: conversations(order=Order.OLDEST, cursor=cursor), (of_page,)),
    ):
        for cursor in cursors:
            with pytest.raises(InvalidRequest):
                read(cursor=cursor)


def test_edits_and_withdrawals_change_the_state(publish, database, site, withdraw):
    def state():
        with database.read() as tx:
            return tx.conversations.standing(site.id, PAGE).state

    comment = publish()
    states = [state()]
    withdraw(comment)
    states.append(state())

    assert states == [ThreadState(1, 1), ThreadState(0, 2)]


def test_a_glance_tells_what_a_transaction_tells(publish, database, site):
    publish()

    for url in (PAGE, OTHER, "", "\x00", "\ud800"):
        with database.read() as tx:
            assert database.standing(site.id, url) == tx.conversations.standing(site.id, url)
    assert database.standing(site.id + 1, PAGE).thread is None


def test_glances_share_their_connections(publish, database, site):
    publish()

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(lambda _: database.standing(site.id, PAGE).state, range(200)))

    assert seen == {ThreadState(1, 1)}
    publish()
    assert database.standing(site.id, PAGE).state == ThreadState(2, 2)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/moderation.db",
        "postgresql://nobody@127.0.0.1:1/nothing",
    ],
)
def test_a_database_that_is_away_cannot_be_glanced_at(url):
    database = Database(url)

    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            database.standing(1, PAGE)
    database.close()


def test_after_a_restart_of_postgresql_a_glance_notices_nothing(postgresql_url):
    database = Database(postgresql_url)
    assert database.standing(1, PAGE).thread is None

    end = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    url = make_url(postgresql_url).set(drivername="postgresql+psycopg")
    other = create_engine(url, poolclass=NullPool)
    with other.begin() as connection:
        connection.execute(end)

    assert database.standing(1, PAGE).thread is None
    database.close()


def test_a_glance_outlives_its_table_being_away(publish, database, engine, site):
    publish()

    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE threads RENAME TO away"))
    try:
        for _ in range(3):
            with pytest.raises(StoreUnavailable):
                database.standing(site.id, PAGE)
    finally:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO threads"))

    assert database.standing(site.id, PAGE).state == ThreadState(1, 1)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_turning_pages_shows_every_published_comment_once(
    data, database, site, submission, publish, conversations, around, flat
):
    url = f"{PAGE}/{new_id(submission().received_at)}"  # examples share a database
    sent = []
    for _ in range(data.draw(st.integers(1, 30), "comments")):
        parent = data.draw(st.none() | st.sampled_from(sent), "parent") if sent else None
        verdict = data.draw(st.sampled_from([Verdict.PUBLISH, Verdict.PUBLISH, Verdict.HOLD]))
        sent.append(publish(verdict, parent=parent and parent.id, url=url))
    order = data.draw(st.sampled_from(ORDERS), "order")
    limit = data.draw(st.integers(1, 5), "limit")

    roots = list(walk(lambda cursor: conversations(url, order, cursor, limit)))
    shown = {one.id: ids(one) for one in roots}
    for one in roots:
        shown[one.id] += rest(around, one, url, limit)
    alone = [c.id for c in walk(lambda cursor: flat(url, order, cursor, limit))]

    published = [c for c in sent if c.status.value == "published"]
    expected = {}
    for comment in published:
        expected.setdefault(comment.root, []).append(comment.id)
    assert shown == expected
    assert [one.id for one in roots] == sorted(expected, reverse=order is Order.NEWEST)
    assert {one.id: one.replies for one in roots} == {
        root: len(set(members) - {root}) for root, members in expected.items()
    }
    assert alone == [c.id for c in published][:: 1 if order is Order.OLDEST else -1]


def walk(turn):
    """Yield the items of all pages."""
    cursor, pages = None, 0
    while pages == 0 or cursor:
        page = turn(cursor)
        yield from page.items
        cursor, pages = page.next, pages + 1
        assert pages < FAR


def rest(around, opening, url, limit):
    """Return the identifiers of a conversation's comments after its opening."""
    found, cursor = [], opening.next
    while cursor:
        part = around(opening.id, url, cursor, limit)
        found += ids(part)
        cursor = part.next
    return found
