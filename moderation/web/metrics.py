"""GET /metrics: figures for Prometheus, read at each scrape.

Nothing is counted in a process, so the answer is the same whichever web worker gives it. What
cannot be read is left out, and `moderation_up` says which part is away.
"""

from collections.abc import Iterable, Iterator

from apiflask import APIBlueprint
from flask import Response
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from moderation.domain.finding import Verdict
from moderation.domain.model import ShadowFigures
from moderation.errors import ModerationError, StoreUnavailable
from moderation.learning.drift import Drift, drift_of
from moderation.services import Services
from moderation.storage.transaction import Transaction
from moderation.web import health
from moderation.web.context import services

bp = APIBlueprint("metrics", __name__, tag="Operators")

NAMES = {
    "moderation_up": "1 where a part of the service is up, 0 where it is down.",
    "moderation_comments": "Comments of all sites by status.",
    "moderation_champion_info": "The version that judges, always 1.",
    "moderation_challenger_info": "The version that challenges it, always 1.",
    "moderation_shadow_comments": "Comments the challenger has scored beside the champion.",
    "moderation_shadow_share": "Share of those comments each of the two holds or rejects.",
    "moderation_shadow_agreement": "Share of those comments both give the same verdict.",
    "moderation_drift_psi": "Population stability index of the latest week with enough comments.",
    "moderation_drift_passed": "1 where the champion has drifted beyond MODERATION_DRIFT_LIMIT.",
    "moderation_deliveries_waiting": "Events still to be delivered to webhooks.",
    "moderation_webhooks_disabled": "Webhooks that are told nothing any more.",
}


@bp.get("/metrics")
@bp.doc(responses=[200])
def show() -> ResponseReturnValue:
    """Show figures in Prometheus' text format: no site, no person, no secret."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(services()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    """Reads the registry and the database when it is asked."""

    def __init__(self, built: Services) -> None:
        self._built = built

    def describe(self) -> Iterable[Metric]:
        """Return nothing: registering must not read."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield what can be read now."""
        built = self._built
        parts = health.parts_of(built)
        up = _gauge("moderation_up", "part")
        for part, state in parts.items():
            up.add_metric([part], float(state == "up"))
        yield up
        yield _info("moderation_champion_info", built.models.champion)
        yield _info("moderation_challenger_info", built.models.challenger)
        if parts["database"] == "up":
            yield from self._remembered()

    def _remembered(self) -> list[Metric]:
        try:
            with self._built.database.read() as memory:
                return [
                    _comments(memory),
                    *_shadow(memory, self._built.models.challenger),
                    *_drift(self._built, memory),
                    _number("moderation_deliveries_waiting", memory.deliveries.waiting()),
                    _number("moderation_webhooks_disabled", memory.webhooks.disabled()),
                ]
        except StoreUnavailable:
            return []


def _comments(memory: Transaction) -> Metric:
    family = _gauge("moderation_comments", "status")
    for status, number in memory.counts.of_all_sites().items():
        family.add_metric([status.value], number)
    return family


def _shadow(memory: Transaction, challenger: str | None) -> Iterator[Metric]:
    if challenger is None:
        return
    figures = memory.shadows.figures(challenger)
    comments = _gauge("moderation_shadow_comments", "version")
    comments.add_metric([challenger], figures.comments)
    yield comments
    if figures.agreement is not None:
        agreement = _gauge("moderation_shadow_agreement", "version")
        agreement.add_metric([challenger], figures.agreement)
        yield agreement
        yield _shares(figures)


def _shares(figures: ShadowFigures) -> Metric:
    family = _gauge("moderation_shadow_share", "model", "verdict")
    for verdict in (Verdict.HOLD, Verdict.REJECT):
        family.add_metric(["challenger", verdict.value], figures.challenger_share(verdict) or 0.0)
        family.add_metric(["champion", verdict.value], figures.champion_share(verdict) or 0.0)
    return family


def _drift(built: Services, memory: Transaction) -> Iterator[Metric]:
    drift, version = _drift_of_champion(built, memory)
    if drift is None:
        return
    index = _gauge("moderation_drift_psi", "kind", "version")
    for kind, figure in (("scores", drift.scores), ("unseen", drift.unseen)):
        if figure is not None:
            index.add_metric([kind, version], figure)
    yield index
    passed = _gauge("moderation_drift_passed", "version")
    passed.add_metric([version], float(drift.passed))
    yield passed


def _drift_of_champion(built: Services, memory: Transaction) -> tuple[Drift | None, str]:
    version = built.models.champion or ""
    try:
        about = built.models.find(version)
    except ModerationError:
        return None, version
    histograms = memory.drift_counts.of_model(version)
    return drift_of(about, histograms, built.settings.drift_limit), version


def _info(name: str, version: str | None) -> Metric:
    family = _gauge(name, "version")
    if version is not None:
        family.add_metric([version], 1.0)
    return family


def _number(name: str, value: int) -> Metric:
    family = _gauge(name)
    family.add_metric([], value)
    return family


def _gauge(name: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, NAMES[name], labels=labels)
