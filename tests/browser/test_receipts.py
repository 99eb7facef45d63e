"""Who reports illegal content sees what to keep: in the widget, and without JavaScript."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from moderation.domain.decision import Reason
from moderation.domain.report import Report
from moderation.domain.site import CaptchaMode

REPORT = "01a20846-fe00-7000-8abe-02b6041ea20e"
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@pytest.fixture
def receipt(services, site, remember, url, clock):
    """Address of a receipt on a page with a long title."""
    comment = remember()
    made = Report(REPORT, comment.id, Reason.ILLEGAL_CONTENT, "", "reader", clock())
    with services.database.transaction() as transaction:
        transaction.reports.add(made)
    return f"/form/report/receipt?report={REPORT}&token={services.report_tokens.sign(REPORT)}"


@pytest.mark.parametrize("size", ["phone", "desktop", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_receipt_can_be_read_anywhere(reader, receipt, size, scheme, tmp_path):
    someone = reader(size, javascript=True, scheme=scheme)  # which axe needs
    someone.open(receipt)

    wide, room = someone.page.evaluate(WIDTHS)
    someone.page.screenshot(path=tmp_path / "receipt.png", full_page=True)

    assert wide <= room
    assert REPORT in someone.page.locator(".facts").inner_text()
    assert Axe().run(someone.page).response["violations"] == []


def test_the_widget_shows_the_identifier_and_leads_to_the_receipt(gazette, post, commenter):
    address = gazette(captcha=CaptchaMode.NEVER, minimum_answer=timedelta(0))
    post("Une menace.", name="Vendeur")
    someone = commenter()
    someone.open(address)

    someone.button("Signaler – Vendeur").click()
    someone.widget.get_by_role("radio", name="Contenu illégal").check()
    someone.button("Envoyer le signalement").click()

    expect(someone.told).to_contain_text("Merci. La rédaction va examiner")
    link = someone.told.get_by_role("link")
    expect(link).to_have_text(re.compile(r"^[0-9a-f-]{36}$"))
    with someone.page.expect_popup() as opened:
        link.click()
    expect(opened.value.locator(".facts")).to_contain_text(link.inner_text())
    assert someone.trouble == []
