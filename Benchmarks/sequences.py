"""Labels of whole sequences: chains of pytorch-crf, and recurrent networks."""
import torch
import torchcrf

from common import fused, load, notes, step


def chain():
    notes.append("not compiled: torch.compile would unroll the loop over 1000 windows")
    crf = torchcrf.CRF(5, batch_first=True)
    with torch.no_grad():
        for name, parameter in crf.named_parameters():
            parameter.copy_(torch.from_numpy(load(name)))
    return crf, torch.from_numpy(load("emissions"))


def crf_loss():
    crf, emissions = chain()
    emissions.requires_grad_(True)
    tags = torch.from_numpy(load("tags"))

    def work():
        crf.zero_grad()
        emissions.grad = None
        loss = -crf(emissions, tags, reduction="token_mean")
        loss.backward()
        return loss.item()

    return work


def viterbi():
    crf, emissions = chain()

    def work():
        # As users call it: without a record of gradients.
        with torch.no_grad():
            paths = crf.decode(emissions)
        return sum((place % 97) * tag for place, tag in enumerate(tag for path in paths for tag in path))

    return work


def bilstm_crf():
    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.recurrent = torch.nn.LSTM(128, 128, batch_first=True, bidirectional=True)
            self.output = torch.nn.Linear(256, 5)
            self.crf = torchcrf.CRF(5, batch_first=True)
            self.chain = torch.compiler.disable(self.crf.forward)

        def loss(self, windows, tags):
            return -self.chain(self.output(self.recurrent(windows)[0]), tags, reduction="token_mean")

    notes.append("the chain is not compiled: torch.compile would unroll the loop over 1000 windows")
    model = Model()
    windows, tags = torch.randn(8, 1000, 128), torch.from_numpy(load("tags"))
    return step(model, fused(torch.optim.Adam, model.parameters()), model.loss, lambda: (windows, tags))


WORKS = {"crf-loss": crf_loss, "viterbi": viterbi, "bilstm-crf": bilstm_crf}
