"""The shelf: never more than it may hold, and what is asked for most stays longest."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from moderation.web.public.shelf import LARGEST_SHARE, OVERHEAD, Kept, Shelf


def kept(body=b""):
    return Kept("basis", 'W/"tag"', "question", (), body)


SMALL = kept(b"s" * 100)
ROOM = LARGEST_SHARE * SMALL.size


def test_what_was_put_is_there_to_take():
    shelf = Shelf(ROOM)

    shelf.put("one", SMALL)

    assert shelf.take("one") is SMALL
    assert shelf.take("another") is None


def test_a_newer_answer_takes_the_place_of_the_former():
    shelf = Shelf(ROOM)
    shelf.put("one", SMALL)

    shelf.put("one", kept(b"newer"))

    assert shelf.take("one").body == b"newer"


def test_what_was_not_asked_for_longest_goes_first():
    shelf = Shelf(ROOM)
    for number in range(LARGEST_SHARE):
        shelf.put(number, SMALL)

    shelf.take(0)
    shelf.put("new", SMALL)

    assert shelf.take(0) is shelf.take("new") is SMALL
    assert shelf.take(1) is None


def test_an_answer_too_large_is_not_kept_and_drives_out_only_the_former():
    shelf = Shelf(ROOM)
    shelf.put("one", SMALL)
    shelf.put("two", SMALL)

    shelf.put("one", kept(b"l" * ROOM))

    assert shelf.take("one") is None
    assert shelf.take("two") is SMALL


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 2 * OVERHEAD))))
def test_it_never_holds_more_than_it_may(puts):
    shelf, last = Shelf(4 * SMALL.size), {}
    for key, size in puts:
        last[key] = kept(b"x" * size)
        shelf.put(key, last[key])

    held = {key: answer for key in "abcdefgh" if (answer := shelf.take(key))}

    assert sum(answer.size for answer in held.values()) <= 4 * SMALL.size
    assert all(answer is last[key] for key, answer in held.items())


def test_threads_share_it():
    shelf = Shelf(ROOM)

    def work(number):
        for turn in range(300):
            key = (number * turn) % 40
            answer = shelf.take(key)
            assert answer is None or answer.body == b"%d" % key
            shelf.put(key, kept(b"%d" % key))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
