"""What somebody reads below an article, through the widget on a newspaper's own page."""

import pytest
from playwright.sync_api import expect

RETRY = "Réessayer"
THREADS = """<moderation-comments data-thread="{0}/un"></moderation-comments>
<moderation-comments data-thread="{0}/deux"></moderation-comments>
<ul><li><moderation-count data-thread="{0}/un">Commentaires</moderation-count></li>
<li><moderation-count data-thread="{0}/deux">Commentaires</moderation-count></li></ul>"""


def test_replies_stand_below_what_they_answer(gazette, post, commenter):
    address = gazette()
    root = post("La halle rouvre.", name="Lucie")
    reply = post("Enfin !", name="Ahmed", parent=root["id"])
    post("Il était temps.", name="Gilles", parent=reply["id"])
    someone = commenter()

    someone.open(address)

    replies = someone.widget.get_by_role("list", name="Réponses à Lucie").get_by_role("article")
    expect(replies).to_have_count(2)
    expect(replies.last).to_contain_text("en réponse à Ahmed")
    expect(replies.first).not_to_contain_text("en réponse à")
    expect(someone.widget.get_by_role("heading", level=2)).to_have_text("3 commentaires")
    assert someone.trouble == []


def test_a_date_is_told_as_people_do_and_exactly(gazette, post, commenter, clock):
    address = gazette()
    post("La halle rouvre.")
    someone = commenter(timezone_id="Europe/Paris")
    someone.page.clock.install(time=clock.now.timestamp() + 200)

    someone.open(address)

    time = someone.widget.locator("time")
    expect(time).to_have_text("il y a 3 minutes")
    exactly = "23 novembre 2026 à 13\u00a0h\u00a001"
    assert time.get_attribute("title") == exactly
    assert time.get_attribute("datetime") == "2026-11-23T12:01:00.000Z"
    expect(someone.widget.get_by_role("link", name=exactly)).to_be_visible()
    someone.page.clock.fast_forward("02:00:00")
    expect(time).to_have_text("il y a 2 heures")


def test_comments_and_replies_come_in_parts_and_in_either_order(gazette, post, commenter):
    address = gazette()
    first = post("Le tout premier.")
    for number in range(12):
        post(f"Réponse {number}.", parent=first["id"])
    for number in range(22):
        post(f"Remarque {number}.")
    someone = commenter()
    someone.open(address)

    expect(someone.comment("Remarque 2.")).to_be_visible()
    expect(someone.widget.get_by_text("Le tout premier.")).to_have_count(0)
    kept = someone.comment("Remarque 21.").element_handle()
    someone.button("Afficher d’autres commentaires").click()
    expect(someone.comment("Le tout premier.")).to_be_visible()
    someone.button("Afficher d’autres réponses").click()
    expect(someone.comment("Réponse 10.")).to_be_focused()
    assert kept.evaluate("article => article.isConnected")  # nothing was drawn again

    someone.button("Plus anciens").click()

    expect(someone.widget.get_by_role("article").first).to_contain_text("Le tout premier.")
    expect(someone.button("Plus anciens")).to_have_attribute("aria-pressed", "true")
    assert someone.trouble == []


def test_the_address_of_a_comment_leads_to_it_wherever_it_stands(gazette, post, commenter):
    address = gazette("<p style='height:300vh'></p><moderation-comments></moderation-comments>")
    first = post("Le tout premier.")
    reply = post("Une réponse.", parent=first["id"])
    for number in range(21):
        post(f"Remarque {number}.")
    someone = commenter("phone")

    someone.open(f"{address}#comment-{reply['id']}")

    expect(someone.comment("Une réponse.")).to_be_focused()
    expect(someone.comment("Une réponse.")).to_be_in_viewport()
    assert len(someone.asked) == 2
    someone.page.evaluate("location.hash = '#comment-019ab0c0-0000-7000-8000-000000000000'")
    expect(someone.told).to_have_text("Ce commentaire n’est plus là.")


def test_a_withdrawn_comment_leaves_a_stub_above_its_replies(gazette, post, commenter, client):
    address = gazette()
    root = post("À retirer.")
    post("La réponse reste.", parent=root["id"])
    token = {"Authorization": f"Bearer {root['edit_token']}"}
    assert client.delete(f"/v1/comments/{root['id']}", headers=token).status_code == 204
    someone = commenter()

    someone.open(address)

    expect(someone.comment("La réponse reste.")).to_be_visible()
    expect(someone.widget.get_by_text("Ce commentaire n’est plus là.")).to_be_visible()


def test_several_discussions_and_counts_share_a_page(gazette, paper, post, commenter):
    gazette()
    address = paper.print("/une", THREADS.format(paper.origin))
    post("Au premier.", path="/un")
    post("Encore.", path="/un")
    post("Au second.", path="/deux")
    someone = commenter()

    someone.open(address)

    discussions = someone.page.locator("moderation-comments section")
    expect(discussions.nth(0)).to_contain_text("Au premier.")
    expect(discussions.nth(1)).to_contain_text("Au second.")
    counts = someone.page.locator("moderation-count")
    expect(counts.nth(0)).to_match_aria_snapshot("- text: 2 commentaires")
    expect(counts.nth(1)).to_match_aria_snapshot("- text: 1 commentaire")
    assert len([one for one in someone.asked if "/v1/counts" in one]) == 1


def test_a_page_that_changes_without_being_left_changes_its_discussion(
    gazette, paper, post, commenter
):
    address = gazette(body="")
    post("Ailleurs.", path="/ailleurs")
    someone = commenter()
    someone.open(address)

    someone.page.evaluate(
        "document.body.append(document.createElement('moderation-comments'))"
    )  # an element that comes later
    expect(someone.widget).to_contain_text("Aucun commentaire")
    someone.page.evaluate(
        "address => document.querySelector('moderation-comments').dataset.thread = address",
        f"{paper.origin}/ailleurs",
    )

    expect(someone.widget).to_contain_text("Ailleurs.")
    assert someone.trouble == []


@pytest.mark.parametrize("is_listed", [True, False], ids=["away", "not listed"])
def test_without_the_service_the_article_stays_and_a_sentence_says_so(
    gazette, paper, add_site, commenter, is_listed
):
    address = gazette()
    if not is_listed:
        paper.key = add_site("other", origins=("https://ailleurs.example",)).key
        address = paper.print()
    someone = commenter("phone")
    if is_listed:
        someone.page.route("**/v1/**", lambda route: route.abort())

    someone.open(address)

    expect(someone.widget).to_contain_text("momentanément indisponibles")
    expect(someone.page.locator("#article")).to_be_visible()
    assert len(someone.asked) == 1
    assert [one for one in someone.trouble if "CORS" not in one] == []
    someone.page.unroute_all()
    someone.button(RETRY).click()
    if is_listed:
        expect(someone.widget).to_contain_text("Le premier peut être le vôtre.")
        expect(someone.widget.get_by_role("heading", level=2)).to_be_focused()
    else:
        expect(someone.button("Réessayer dans")).to_be_visible()


@pytest.mark.parametrize(
    ("lang", "heading"), [("en-GB", "1 comment"), ("fr-BE", "1 commentaire"), ("pl", "1 comment")]
)
def test_the_widget_speaks_the_language_of_the_page(gazette, post, commenter, lang, heading):
    address = gazette(lang=lang)
    post("Bonjour.")
    someone = commenter()

    someone.open(address)

    expect(someone.widget.get_by_role("heading", level=2)).to_have_text(heading)


def test_an_address_is_followed_by_the_discussion_that_holds_the_comment(
    gazette, paper, post, commenter
):
    gazette()
    address = paper.print("/une", THREADS.format(paper.origin))
    post("Au premier.", path="/un")
    second = post("Au second.", path="/deux")
    someone = commenter()

    someone.open(f"{address}#comment-{second['id']}")

    expect(someone.page.get_by_role("article").filter(has_text="Au second.")).to_be_focused()
    expect(someone.page.get_by_text("n’est plus là")).to_have_count(0)


def test_ten_thousand_comments_stay_light(gazette, commenter):
    address = gazette()
    someone = commenter("phone")
    author, said = {"name": "Lucie"}, {"created_at": "2026-11-23T12:00:00.000Z", "locale": "fr"}
    comments = [
        {"id": f"{n}", "root": f"{n - n % 10}", "parent": None, "text": "La halle rouvre." * 3}
        | {"author": author, "edited_at": None, **said}
        for n in range(10_000)
    ]
    form = {"captcha": "never", "is_closed": False, "longest_text": 10_000}
    answer = {
        "comments": comments,
        "conversations": [{"id": f"{n}", "next": None} for n in range(0, 10_000, 10)],
        "count": 10_000,
        "next": None,
        "form": form,
    }
    headers = {"Access-Control-Allow-Origin": "*"}
    someone.page.route(
        "**/v1/comments?**", lambda route: route.fulfill(json=answer, headers=headers)
    )
    someone.page.add_init_script(
        "longest = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => {"
        "longest = Math.max(longest, one.duration)"
        "})).observe({ type: 'event', durationThreshold: 16 })"
    )

    someone.open(address)
    expect(someone.widget.get_by_role("heading", level=2)).to_contain_text(
        "10\u202f000", timeout=30_000
    )
    someone.field("Votre commentaire").press_sequentially("Au milieu de la foule", delay=10)

    assert someone.page.evaluate("longest") < 1000  # ms until a key that was pressed shows
