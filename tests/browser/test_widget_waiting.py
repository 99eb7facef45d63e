"""What a reader has written and a moderator has not yet read: shown to them alone."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("order", ["Plus anciens", "Plus récents"])
def test_what_waits_stays_when_the_order_changes(gazette, commenter, post, order):
    someone = commenter()
    address = gazette()
    post("La première.")
    post("La seconde.", name="Gilles")
    someone.open(address)
    someone.write("Du bitume, encore du bitume.")
    someone.send()
    expect(someone.told).to_contain_text("en attente de modération")
    someone.button("Répondre – Ahmed").click()
    form = someone.widget.locator("form").filter(has_text="Répondre à Ahmed")
    someone.field("Votre commentaire", form).fill("Pas de bitume ici.")
    someone.button("Publier la réponse").click()
    expect(someone.comment("Pas de bitume")).to_be_visible()

    someone.button("Plus anciens").click()
    expect(someone.button("Plus anciens")).to_have_attribute("aria-pressed", "true")
    someone.button(order).click()

    expect(someone.button(order)).to_have_attribute("aria-pressed", "true")
    expect(someone.widget.get_by_role("article")).to_have_count(4)
    waiting = someone.comment("Du bitume")
    expect(waiting).to_contain_text("en attente de modération")
    replies = someone.widget.get_by_role("list", name="Réponses à Ahmed")
    expect(replies).to_contain_text("Pas de bitume ici.")
    waiting.get_by_role("button", name="Supprimer").click()
    someone.button("Oui, supprimer").click()
    expect(someone.widget).to_contain_text("Ce commentaire n’est plus là.")
    someone.button("Plus récents" if order == "Plus anciens" else "Plus anciens").click()
    expect(someone.widget.get_by_role("article")).to_have_count(3)
    assert someone.trouble == []
