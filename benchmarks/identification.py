"""Language identification on public sentences, when they are there: one level above the project, in shared/data/benchmarks.

The identifier is trained on the project's own sentences alone; the public ones only measure it.
"""

from __future__ import annotations

from collections import Counter

from bot.nlu.trained import trained_identifier
from bot.paths import ROOT
from bot.settings import settings

TEST = ROOT.parent / "shared" / "data" / "benchmarks" / "langid-test.tsv"
SERVED = ("ar", "ary-Arab", "ary-Latn", "fr")


def main() -> None:
    """Print accuracy over the four served varieties and F1 of every label."""
    print("== language identification")
    if not TEST.exists():
        print(f"not measured: {TEST.name} is not there")
        return
    identifier = trained_identifier(settings(), print)
    pairs = [line.rstrip("\n").split("\t") for line in TEST.read_text(encoding="utf-8").splitlines()]
    said = [(label, identifier.identify(text).variety.value) for text, label in pairs]
    served = [label == found for label, found in said if label in SERVED]
    print(f"accuracy on {', '.join(SERVED)}: {sum(served) / len(served):.1%} of {len(served)}")
    right = Counter(label for label, found in said if label == found)
    for label in sorted({label for label, _ in said}):
        wanted, claimed = sum(a == label for a, _ in said), sum(b == label for _, b in said)
        print(f"  {label:9} n {wanted:5}  F1 {2 * right[label] / (wanted + claimed):.3f}")
