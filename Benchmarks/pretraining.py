"""Pretraining steps of the same networks and objectives as ours, of all kinds."""
import functools

import courses
import hidden
import neighbours
import nights
import pairs
from objectives import training

WORKS = {
    f"{name}-{kind}": functools.partial(training, make, kind)
    for module in (courses, hidden, neighbours, nights, pairs)
    for name, (make, kinds) in module.OBJECTIVES.items()
    for kind in kinds
}
