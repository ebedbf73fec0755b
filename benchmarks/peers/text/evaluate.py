"""Scores of presidio's makers, by their own evaluator (`presidio_evaluator.evaluation.SpanEvaluator`, release 0.2.5).

    python -m benchmarks.peers.text.evaluate  <  {"data": file, "numbers": [...], "answers": {contender: [spans...]}}

What is PII and what is not is scored alike for all: the stretches of a contender are joined where they meet and get
the one type PII, and the evaluator compares them with the gold stretches under the one type PII, as it does itself for
its overall figures. Contenders that name presidio's types (`typed`) are scored a second time as the makers' notebooks
4 and 5 do it: with types, results below a score of 0.4 left out, and the gold types renamed by the evaluator's own
`presidio_entities_map` (GPE and STREET_ADDRESS are LOCATION, DOMAIN_NAME is URL, ...).

What leaves are counts for each half (`even` is held out, `odd` is for tuning) and each IoU: spans that match, spans
that were predicted and gold spans.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from benchmarks.peers.text.model import offline

THRESHOLDS: Final = (0.7, 0.9)
LEAST_SCORE: Final = 0.4
"""`default_score_threshold` of the makers' notebook 4."""
TYPED: Final = ("presidio", "openadapt")
Span = Sequence[Any]


def main() -> None:
    """Reads the answers, prints the counts."""
    out, sys.stdout = sys.stdout, sys.stderr
    warnings.simplefilter("ignore")
    request = json.load(sys.stdin)
    with offline():
        samples = _samples(request["data"], request["numbers"])
        counts = {name: _scored(samples, name, found) for name, found in request["answers"].items()}
    json.dump(counts, out)


def _samples(data: str, numbers: Sequence[int]) -> list[tuple[int, Any]]:
    """The sentences with these numbers, with gold types under presidio's names."""
    package = import_module("presidio_evaluator")
    mapping = import_module("presidio_evaluator.models").PresidioAnalyzerWrapper.presidio_entities_map
    with open(data, encoding="utf-8") as file:  # noqa: PTH123  # as the evaluator's own reader does
        rows = json.load(file)
    samples = [package.InputSample.from_json(rows[number]) for number in numbers]
    aligned = import_module("presidio_evaluator.evaluation").SpanEvaluator.align_entity_types(
        samples, entities_mapping=mapping, allow_missing_mappings=True
    )
    return list(zip(numbers, aligned, strict=True))


def _scored(samples: list[tuple[int, Any]], name: str, answers: Sequence[Sequence[Span]]) -> dict[str, Any]:
    told: dict[str, Any] = {"binary": {}, "typed": {}}
    for half, odd in (("even", 0), ("odd", 1)):
        chosen = [at for at, (number, _) in enumerate(samples) if number % 2 == odd]
        pairs = [(samples[at][1], answers[at]) for at in chosen]
        for threshold in THRESHOLDS if pairs else ():
            evaluator = _evaluator(threshold)
            told["binary"].setdefault(half, {})[threshold] = _binary(evaluator, pairs)
            if name in TYPED:
                told["typed"].setdefault(half, {})[threshold] = _typed(evaluator, pairs)
    return told


def _evaluator(threshold: float) -> Any:  # noqa: ANN401  # a class of the peers' environment
    evaluation = import_module("presidio_evaluator.evaluation")
    return evaluation.SpanEvaluator(model=None, iou_threshold=threshold)


def _binary(evaluator: Any, pairs: Sequence[tuple[Any, Sequence[Span]]]) -> dict[str, int]:  # noqa: ANN401
    results = [_result(sample, [(*one, "PII", 1.0) for one in joined(spans)]) for sample, spans in pairs]
    table = evaluator.create_global_entities_df(evaluator.get_results_dataframe(evaluation_results=results))
    return _overall(evaluator.calculate_score_on_df(per_type=False, results_df=table))


def _typed(evaluator: Any, pairs: Sequence[tuple[Any, Sequence[Span]]]) -> dict[str, Any]:  # noqa: ANN401
    results = [_result(sample, [one for one in spans if one[3] >= LEAST_SCORE]) for sample, spans in pairs]
    score = evaluator.calculate_score(results, beta=2)
    types = {
        name: {"matched": one.true_positives, "predicted": one.num_predicted, "gold": one.num_annotated}
        for name, one in score.per_type.items()
    }
    return _overall(score) | {"types": types}


def _overall(score: Any) -> dict[str, int]:  # noqa: ANN401
    return {
        "matched": score.pii_true_positives,
        "predicted": score.pii_predicted,
        "gold": score.pii_annotated,
    }


def _result(sample: Any, spans: Sequence[Span]) -> Any:  # noqa: ANN401
    """What the evaluator compares: gold and predicted types of each token, by its own rules for tokens."""
    tags = import_module("presidio_evaluator").span_to_tag(
        scheme="IO",
        text=sample.full_text,
        starts=[span[0] for span in spans],
        ends=[span[1] for span in spans],
        tags=[span[2] for span in spans],
        scores=[span[3] for span in spans],
        tokens=sample.tokens,
    )
    return import_module("presidio_evaluator.evaluation").EvaluationResult(
        text=sample.full_text,
        tokens=[str(token) for token in sample.tokens],
        actual_tags=sample.tags,
        predicted_tags=tags,
        start_indices=sample.start_indices,
    )


def joined(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """The stretches, with those that meet as one."""
    found: list[tuple[int, int]] = []
    for start, end, *_ in sorted(spans, key=lambda span: (span[0], span[1])):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


if __name__ == "__main__":
    main()
