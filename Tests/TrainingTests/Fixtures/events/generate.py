"""Three steps of scalars as TensorBoard 2.21 writes them, at fixed times (pip install tensorboard)."""

import glob
import os

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

writer = EventFileWriter(".")
for step, values in [(0, {"loss": 1.5}), (1, {"loss": 0.25, "views/accuracy": 0.5}), (300, {"loss": 0.0})]:
    summary = Summary(value=[Summary.Value(tag=name, simple_value=value) for name, value in sorted(values.items())])
    writer.add_event(Event(wall_time=1000.0 + step, step=step, summary=summary))
writer.close()
os.rename(glob.glob("events.out.tfevents.*")[0], "tensorboard.tfevents")
