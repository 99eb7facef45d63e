"""Pages for people: what may be asked of them, in which language they speak, how they refuse."""

from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, Response, render_template, request, url_for
from pydantic import ConfigDict, ValidationError

from moderation.domain.moment import moment
from moderation.domain.site import Site
from moderation.errors import InvalidRequest, StoreUnavailable
from moderation.storage.listing import Order
from moderation.web import problems
from moderation.web.context import services
from moderation.web.fields import problems_of
from moderation.web.json import API
from moderation.web.public.discussion import View
from moderation.web.sentences import COMPLETE, LANGUAGES, NAMES, in_figures, say
from moderation.web.values import Cursor, Identifier, Locale, Query

DEMO = "demo"  # name of the site whose only page is /demo
RESULT = "result"  # id of the element that says what became of a comment
OUTCOMES = ("published", "received", "changed", "rechecked", "withdrawn", "reported")
PROBLEM = "application/problem+json"
KEEPING = "private, no-cache"  # after no-store, browsers forget what was typed on the page before


class PageQuery(Query):
    """What may be asked of a page with comments; whatever else is in the address is ignored."""

    model_config = ConfigDict(extra="ignore")

    lang: Locale = ""
    parent: Identifier = ""
    cursor: Cursor = ""
    order: str = ""
    comment: Identifier = ""
    outcome: str = ""
    sent: Identifier = ""

    @property
    def result(self) -> str:
        """What became of what was just sent, empty if nothing was."""
        return self.outcome if self.outcome in OUTCOMES else ""

    @property
    def oldest(self) -> str | None:
        """What an address says of the order, None where it need not say it."""
        return Order.OLDEST.value if self.order == Order.OLDEST else None

    @property
    def view(self) -> View:
        """Which part of the discussion is asked for."""
        order = Order.OLDEST if self.oldest else Order.NEWEST
        return View(self.cursor, self.parent, self.comment, order)


Asked = TypeVar("Asked", bound=PageQuery)


def read_query(kind: type[Asked]) -> Asked:
    """Return what the request's address asks for.

    Raises:
        InvalidRequest: something in it cannot be read.
    """
    try:
        return kind.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise InvalidRequest(problems_of(error)) from error


def demo_thread() -> str:
    """Return the address that stands for the demo article, in either language."""
    return f"{services().settings.service_url}/demo"


def locale_of(found: Site, lang: str) -> str:
    """Return the site's locale, unless another language is wanted: "fr" means "fr-BE" there."""
    is_same = lang.partition("-")[0].lower() == found.locale.partition("-")[0].lower()
    return found.locale if is_same or not lang else lang


def discussion_url(found: Site, thread: str, lang: str, **asked: Any) -> str:
    """Return where the discussion of a page is read: below the demonstration, or in the form."""
    other = other_lang(found, lang)
    if found.name == DEMO and thread == demo_thread():
        return url_for("demo.show", lang=other, **asked)
    return url_for("form.show", site=found.key, thread=thread, lang=other, **asked)


def other_lang(found: Site, lang: str) -> str | None:
    """Return the language an address has to name, None if it is the site's own."""
    return None if locale_of(found, lang) == found.locale else lang


def render(template: str, **things: Any) -> str:
    """Return a page in the language of whoever is asking."""
    language = problems.language()
    return render_template(
        template,
        language=language,
        languages=LANGUAGES,
        say=partial(say, language),
        in_words=partial(in_words, language),
        in_figures=partial(in_figures, language),
        moment=moment,
        in_language=in_language,
        **things,
    )


def other_languages() -> dict[str, str]:
    """Return the languages that `render` does not choose, each with its own name."""
    return {tag: name for tag, name in NAMES.items() if tag != problems.language()}


def other_language() -> str:
    """Return the one language among them that has every sentence, and the demonstration."""
    return next(language for language in COMPLETE if language != problems.language())


def in_language(tag: str) -> str:
    """Return what is asked for now, in another language, as an address on the same page."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"?{urlencode([*asked, ('lang', tag)])}"


def in_words(language: str, time: datetime) -> str:
    """Return a moment as people write it: "23 novembre 2026 à 14 h 05"."""
    local = time.astimezone(ZoneInfo(services().settings.time_zone))
    return say(
        language,
        "page.date",
        day=local.day if local.day > 1 else say(language, "page.first_of_month"),
        month=say(language, "page.months").split()[local.month - 1],
        year=str(local.year),
        hour=local.hour,
        minute=f"{local.minute:02}",
    )


def is_problem(response: Response) -> bool:
    """Tell whether an answer says, in JSON, why something was refused."""
    return response.mimetype == PROBLEM


def read_problem(response: Response) -> dict[str, Any]:
    """Return why something was refused, in words that fit what was asked."""
    problem: dict[str, Any] = response.get_json()
    if problem["code"] == StoreUnavailable.code and request.method != "POST":
        problem["detail"] = say(problems.language(), "form.away")
    return problem


def register(app: Flask) -> None:
    """Make `app` answer browsers with pages, whatever is refused."""
    app.after_request(tell_people)


def tell_people(response: Response) -> Response:
    """Turn a refusal into a page for who prefers one, except in the API."""
    if request.path.startswith(API) or not is_problem(response):
        return response
    wanted = request.accept_mimetypes.best_match((PROBLEM, "text/html"), PROBLEM)
    if wanted == PROBLEM:
        return response
    return show_instead(response, render("error.html", problem=response.get_json()))


def show_instead(response: Response, page: str) -> Response:
    """Answer with a page for people; status and headers stay."""
    response.set_data(page)
    response.mimetype = "text/html"
    return response
