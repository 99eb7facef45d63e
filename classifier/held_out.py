"""Choose examples to judge a model by while a stream of them goes past."""

from dataclasses import dataclass, field

from classifier.dataset import Example, group_of

SHARE = 0.1
MOST = 20_000


@dataclass(slots=True)
class HeldOut:
    """Examples that are not learnt from: whole groups, chosen by their digest.

    There are never more than `MOST`: the share is halved when they do not fit.
    """

    seed: int
    share: float = SHARE
    kept: list[tuple[float, Example]] = field(default_factory=list)

    def take(self, example: Example) -> bool:
        """Tell whether `example` is held out, and keep it if so."""
        digest = group_of(example.document.text, self.seed)
        place = int.from_bytes(digest[:8], "big") / (1 << 64)
        if place >= self.share:
            return False
        self.kept.append((place, example))
        if len(self.kept) > MOST:
            self.share /= 2
            self.kept = [pair for pair in self.kept if pair[0] < self.share]
        return True

    def examples(self) -> list[Example]:
        """Return the examples that are held out."""
        return [example for _, example in self.kept]
