"""The hash of each card's preprocessing, by its own reading of the cards: JSON with sorted keys, without what a card leaves out.

A corpus is gone on with only where it has that hash, so that a card must keep it when another key is added. Cards that extend others are
left out. It needs PyYAML.

Run: python generate.py
"""
import json
import pathlib

import yaml

here = pathlib.Path(__file__).resolve().parent
NIGHTS = dict(
    recordings=[], nights=2, holds=30, hold_seconds=[20, 90], transition_seconds=[2, 6], recur=0.5, memory=3,
    minimum_frames=10, seed=1)


def camel_case(key):
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)


def plain(value):
    if isinstance(value, dict):
        return {camel_case(key): plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2 ** 64
    return f"fnv1a64:{value:016x}"


lines = []
for path in sorted((here / "../../../../Datasets").glob("*/card.yaml")):
    card = yaml.safe_load(path.read_text())
    if "extends" in card:
        continue
    keys = ("window_seconds", "anchor", "from_seconds", "to_seconds", "trim_wake_minutes")
    preprocessing = {camel_case(key): plain(card[key]) for key in keys if key in card}
    if "compose" in card:
        preprocessing["compose"] = plain(NIGHTS | (card["compose"] or {}))
    preprocessing["sensors"] = {sensor: plain(settings or {}) for sensor, settings in card["sensors"].items()}
    text = json.dumps(preprocessing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    lines.append(f"{card['name']} {fnv1a(text)}\n")
(here / "hashes.txt").write_text("".join(lines))
