"""The page that stands for an illegal-content report: that it arrived, when, and how it stands."""

from typing import Any

from apiflask import APIBlueprint
from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from moderation.domain.decision import Reason
from moderation.domain.moment import moment
from moderation.domain.report import Report
from moderation.domain.site import Site
from moderation.review.receipt import find_receipt
from moderation.web.context import services
from moderation.web.public import pages
from moderation.web.values import Identifier, Token

bp = APIBlueprint("receipts", __name__, url_prefix="/form/report", enable_openapi=False)


class ReceiptQuery(pages.PageQuery):
    """Which report, and what proves that it is the reader's own."""

    report: Identifier
    token: Token


@bp.get("/receipt")
def show() -> ResponseReturnValue:
    """Show a receipt to whoever has its address."""
    g.language = request.args.get("lang")
    query, built = pages.read_query(ReceiptQuery), services()
    found = find_receipt(query.report, query.token, built.database, built.report_tokens)
    g.site_language = found.site.locale
    back = pages.discussion_url(found.site, found.thread_url, query.lang)
    return pages.render("receipt.html", receipt=found, back=back)


def receipt_path(report: Report, found: Site, lang: str) -> str:
    """Return where the receipt of a report is, in the language wanted."""
    token = services().report_tokens.sign(report.id)
    other = pages.other_lang(found, lang)
    return url_for("receipts.show", report=report.id, token=token, lang=other)


def has_receipt(report: Report) -> bool:
    """Tell whether a reader is given a receipt."""
    return report.reason is Reason.ILLEGAL_CONTENT


def told(report: Report, found: Site, lang: str) -> dict[str, Any]:
    """Return what a program learns about a report that has a receipt."""
    return {
        "id": report.id,
        "reason": report.reason.value,
        "created_at": moment(report.created_at),
        "receipt_url": f"{services().settings.service_url}{receipt_path(report, found, lang)}",
    }
