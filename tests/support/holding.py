"""Requests that a test keeps back for a while."""

LONGEST = 5000  # milliseconds
PAUSE = 10


def wait_for_one(page, held):
    """Wait until a request has come into `held`, the list a route's handler fills.

    Nothing is asked of the page itself: while it navigates it does not answer, and a test that
    keeps the navigation back would wait for ever.
    """
    for _ in range(LONGEST // PAUSE):
        if held:
            return
        page.wait_for_timeout(PAUSE)
    raise AssertionError("no request has come")
