"""Authors with their own comment: changing it, withdrawing it; and readers reporting others'."""

from typing import Any

from apiflask import APIBlueprint
from flask import g, jsonify
from flask.typing import ResponseReturnValue

from moderation.review.report import Complaint, find_reportable, report
from moderation.submission.amend import Own, amend, find_own, withdraw
from moderation.web import presenting
from moderation.web.auth import bearer
from moderation.web.context import client, services
from moderation.web.origins import check_origin
from moderation.web.problems import language
from moderation.web.public import receipts
from moderation.web.public.challenges import told
from moderation.web.public.comments import read_captcha, read_member
from moderation.web.public.schemas import (
    CommentReceipt,
    EditRequest,
    ReportReceipt,
    ReportRequest,
)

bp = APIBlueprint("amending", __name__, url_prefix="/v1/comments", tag="Readers")
SECURITY = "bearer"


@bp.patch("/<comment_id>")
@bp.input(EditRequest, arg_name="body")
@bp.output(CommentReceipt)
@bp.doc(security=SECURITY, responses=[400, 401, 403, 404, 409, 413, 422, 429, 503])
def change(comment_id: str, body: EditRequest) -> ResponseReturnValue:
    """Change the text of one's own comment, with the edit token as bearer.

    The text is judged again. 409 when the site's window is over.
    """
    own = _own(comment_id)
    receipt = amend(own, body.text, services().desk, services().clock())
    return presenting.for_author(receipt, own.site.policy.edit_window)


@bp.delete("/<comment_id>")
@bp.output({}, 204)
@bp.doc(security=SECURITY, responses=[401, 403, 404, 409, 429, 503])
def remove(comment_id: str) -> ResponseReturnValue:
    """Withdraw one's own comment, with the edit token as bearer: its words are gone for good."""
    withdraw(_own(comment_id), services().desk, services().clock())
    return "", 204


@bp.post("/<comment_id>/reports")
@bp.input(ReportRequest, arg_name="body")
@bp.output(ReportReceipt, 202)
@bp.doc(responses=[400, 403, 404, 413, 422, 429, 503])
def complain(comment_id: str, body: ReportRequest) -> ResponseReturnValue:
    """Report a comment to the moderators; a second report by the same reader is counted once.

    Who reports illegal content gets an identifier and the address of a receipt.
    """
    g.language = body.locale
    built = services()
    comment, found = find_reportable(comment_id, built.database)
    g.site_language = found.locale
    check_origin(found)
    complaint = Complaint(
        comment=comment,
        site=found,
        reason=body.reason,
        text=body.text,
        client=client(),
        locale=body.locale or found.locale,
        member=read_member(body.identity, found),
    )
    with told(found):
        kept = report(
            complaint, read_captcha(body.captcha), built.database, built.captcha, built.clock()
        )
    answer: dict[str, Any] = {"status": "received"}
    if receipts.has_receipt(kept):
        answer["report"] = receipts.told(kept, found, language())
    response = jsonify(answer)
    response.status_code = 202
    return response


def _own(comment_id: str) -> Own:
    desk = services().desk
    own = find_own(comment_id, bearer(), desk.database, desk.edit_tokens)
    g.site_language = own.site.locale
    check_origin(own.site)
    return own
