"""The README's picture of the console."""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from moderation.domain.comment import Author
from moderation.domain.decision import Reason
from moderation.domain.finding import Finding, Verdict

PICTURE = Path(__file__).parents[2] / "docs" / "console.png"
SIZE = {"width": 1200, "height": 780}
COLOURS = 64
TITLE = "La halle rouvre ses portes"
TEXT = (
    "Merci au journal pour ce bel article sur la halle. J’étais ruiné, puis Mme Grâce m’a prêté "
    "20 000 € en 48 h, au taux de 2 %. Contactez-la par WhatsApp, elle aide tout le monde !"
)
EARLIER = "Mme Grâce m’a prêté 20 000 € en 48 h, au taux de 2 %. Contactez-la par WhatsApp !"
PRAISE = "Enfin ! Le samedi sans marché, ce n’était plus un samedi."


def test_the_readme_shows_one_comment_and_why(remember, rule, services, clock, moderator_at):
    rule(remember(EARLIER, name="Aurore", title=TITLE), Verdict.REJECT, Reason.SPAM)
    clock.move(minutes=34)
    remember(PRAISE, Verdict.PUBLISH, name="Odile")
    clock.move(minutes=3)
    score = services.model.opinion(TEXT, "fr", Author("Aurore")).score
    figures = {"score": score, "threshold": services.model.hold}
    found = (Finding("spam_score", Verdict.HOLD, figures),)
    remember(TEXT, score=score, version=services.model.version, findings=found, name="Aurore")
    clock.move(minutes=12)
    someone = moderator_at()
    someone.page.set_viewport_size(SIZE)
    someone.open()
    someone.press("n")

    expect(someone.page.locator("mark.s4").first).to_be_visible()
    picture = someone.page.screenshot()

    if os.environ.get("SCREENSHOT") == "1":
        Image.open(BytesIO(picture)).quantize(COLOURS).save(PICTURE, optimize=True)
    assert len(picture) > 10_000
    assert PICTURE.is_file()
