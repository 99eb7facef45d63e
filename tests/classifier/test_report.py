"""What the report promises: one page that fetches nothing, tells the truth and runs nothing."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from classifier.dataset import Example
from classifier.errors import InvalidDataset
from classifier.evaluation import Thresholds
from classifier.features import Document
from classifier.report.page import Subject, judge, render_page
from classifier.report.plots import Judged, calibration_bins

NASTY = "<script>alert(1)</script> & \"quoted\" 'too' \ud800 &lt;"
VOID = {"meta", "br", "path", "use", "image", "rect"}


class Page(HTMLParser):
    """Notes what is in a page, and whether every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.attributes, self.texts = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def subject(scorer, manifest, examples):
    nasty = [Example(Document(NASTY, NASTY), False, NASTY, NASTY)] * 2
    data = {"files": [{"name": NASTY, "sha256": "0f", "licence": "CC BY 4.0"}], "spam": 15}
    judged = judge(scorer, {**manifest, "data": data}, [*examples, *nasty])
    scores = np.where(judged.judged.is_spam, judged.judged.scores, 0.99)
    return Subject(
        judged.manifest,
        judged.examples,
        Judged(judged.judged.is_spam, scores, Thresholds(0.5, 0.9)),
    )


@pytest.fixture(scope="module")
def page(subject):
    return render_page(subject)


def test_the_page_is_well_formed_and_has_no_script(page):
    read = Page(page)

    assert read.open == []
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert ("name", "viewport") in read.attributes
    assert not {"script", "link", "iframe", "img", "object", "image"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on")]


def test_the_page_refers_to_nothing_outside_itself(page):
    attributes = Page(page).attributes

    for name, value in attributes:
        assert name not in {"src", "srcset", "action", "data"}
        assert "href" not in name or value.startswith("#")
    assert "@import" not in page
    assert all(place.startswith("#") for place in re.findall(r"url\(([^)]*)\)", page))


def test_identifiers_are_unique_and_references_find_them(page):
    attributes = Page(page).attributes
    names = [value for name, value in attributes if name == "id"]
    wanted = [value[1:] for name, value in attributes if "href" in name]
    wanted += re.findall(r"url\(#([^)]*)\)", page)

    assert len(names) == len(set(names))
    assert set(wanted) <= set(names)


def test_comments_and_names_are_escaped(page):
    assert "<script" not in page
    assert "<script>alert(1)</script> & \"quoted\" 'too' � &lt;" in Page(page).texts
    page.encode()


def test_every_plot_has_a_name_and_fits_any_width(page):
    plots = re.findall(r"<svg [^>]*>", page)

    assert len(plots) == 8
    assert all('role="img"' in plot and "aria-label=" in plot for plot in plots)
    assert not [plot for plot in plots if re.search(r' (width|height)="', plot)]


@pytest.mark.parametrize(
    "told",
    ["Precision and recall", "ROC", "Calibration", "By language", "By kind", "Ham that is held: 17",
     "Expected calibration error", "CC BY 4.0"],
)  # fmt: skip
def test_the_page_tells(page, told):
    assert told in page


def test_the_same_figures_give_the_same_page(page, subject):
    assert render_page(subject) == page


@pytest.mark.parametrize("is_spam", [True, False])
def test_one_class_alone_is_refused(scorer, manifest, is_spam):
    alone = [Example(Document("un"), is_spam, "")]

    with pytest.raises(InvalidDataset, match="both spam and ham"):
        render_page(judge(scorer, manifest, alone))


def test_bins_of_calibration_hold_every_score():
    scores = np.linspace(0, 1, 101)

    rows = calibration_bins(scores > 0.5, scores)

    assert sum(count for _, _, count in rows) == 101
    assert rows[0][1] == 0
    assert rows[-1][1] == 1
