"""Training steps and scores of published systems."""
import torch
from torch.nn.functional import cross_entropy

import references
from common import compiled, fused, step


def sleepvst_inputs(sequences):
    return torch.randn(sequences, 240, 300), torch.randn(sequences, 240, 150)


def sleepvst_step():
    model, inputs = references.SleepVST(), sleepvst_inputs(4)
    labels = torch.arange(4 * 240) % 4
    return step(
        model, fused(torch.optim.AdamW, model.parameters(), lr=5e-4, weight_decay=1e-3),
        lambda *inputs: cross_entropy(model(*inputs).reshape(-1, 4), labels), lambda: inputs)


def sleepvst_night():
    model, night = references.SleepVST().eval(), (torch.randn(960, 300), torch.randn(960, 150))
    scores = compiled(model)

    def work():
        with torch.no_grad():
            sequences = [torch.stack([x[start : start + 240] for start in range(0, 721, 60)]) for x in night]
            return scores(*sequences).numel()

    return work


def ulw_sleepnet_step():
    model, windows, labels = references.ULWSleepNet(), torch.randn(32, 4, 3000), torch.arange(32) % 5
    return step(
        model, fused(torch.optim.Adam, model.parameters(), lr=1e-3, amsgrad=True),
        lambda windows: cross_entropy(model(windows), labels), lambda: (windows,))


def spectrogram_cnn_step():
    model, maps, labels = references.SpectrogramCNN(), torch.randn(16, 1, 51, 59), torch.arange(16) % 5
    return step(
        model, fused(torch.optim.Adam, model.parameters(), lr=1e-3),
        lambda maps: cross_entropy(model(maps), labels), lambda: (maps,))


WORKS = {
    "sleepvst-step": sleepvst_step, "sleepvst-night": sleepvst_night, "ulw-sleepnet-step": ulw_sleepnet_step,
    "spectrogram-cnn-step": spectrogram_cnn_step,
}
