"""Two moderators at once: never the same comment, and nobody overwrites anybody."""

from playwright.sync_api import expect

from moderation.domain.comment import Status


def test_two_people_who_ask_for_the_next_never_get_the_same(remember, clock, moderator_at):
    texts = [f"Remarque {number}." for number in range(6)]
    for text in texts:
        clock.move(minutes=1)
        remember(text)
    people = [moderator_at(name="Camille"), moderator_at("phone", name="Ahmed")]

    seen = []
    for someone in people:
        someone.open()
        someone.button("Suivant").click()
    for _ in range(2):
        for someone in people:
            text = someone.page.locator(".text")
            seen.append(text.inner_text())
            someone.press("p")
            expect(text).not_to_have_text(seen[-1])

    assert seen == texts[:4]


def test_a_late_decision_shows_what_the_other_has_done(remember, services, moderator_at):
    comment = remember("Une remarque.")
    early, late = moderator_at(name="Camille"), moderator_at("phone", name="Ahmed")
    for someone in (early, late):
        someone.open(f"/comments/{comment.id}")

    early.button("Publier").click()
    late.page.locator(".note summary").click()
    late.page.get_by_label("Note").fill("C’est de la publicité.")
    late.button("Publicité").click()

    told = late.page.get_by_role("alert").first
    expect(told).to_contain_text("Camille a décidé avant vous")
    expect(told).to_contain_text("Rejeter – Publicité")
    expect(told).to_be_focused()
    expect(late.page.get_by_label("Note")).to_have_value("C’est de la publicité.")
    late.button("Publicité").click()
    expect(late.page.locator("[data-notice]")).to_contain_text("Rejeté.")
    with services.database.read() as memory:
        assert memory.comments.get(comment.id, comment.site_id).status is Status.REJECTED


def test_in_the_list_a_late_decision_shows_the_row_as_it_is_now(remember, moderator_at):
    remember("Une remarque.")
    early, late = moderator_at(name="Camille"), moderator_at(name="Ahmed")
    for someone in (early, late):
        someone.open()

    early.press("j", "p")
    expect(early.focused).to_contain_text("Publié.")
    late.press("j", "r", "s")

    expect(late.focused).to_contain_text("Camille a décidé avant vous")
    expect(late.focused).to_contain_text("publié")
    late.press("p")
    expect(late.focused).to_contain_text("Publié.")


def test_one_sees_who_is_reading_what(remember, moderator_at):
    remember("Une remarque.")
    early, late = moderator_at(name="Camille"), moderator_at(name="Ahmed")
    early.open()
    early.press("n")
    expect(early.button("Rendre à la file")).to_be_visible()

    late.open()
    expect(late.page.locator(".row")).to_contain_text("Lu en ce moment par Camille")
    late.press("n")

    expect(late.page.locator("main .notice").first).to_contain_text("entre les mains")
    early.button("Rendre à la file").click()
    late.press("n")
    expect(late.page.locator(".text")).to_have_text("Une remarque.")
