"""A batch of unequal lengths through pytorch-crf 0.7.2 in double precision: likelihoods, gradients of their sum, best paths."""

import numpy
import torch
from torchcrf import CRF

torch.manual_seed(3)
batch, length, classes = 5, 12, 5
lengths = [12, 9, 1, 2, 12]
crf = CRF(classes, batch_first=True).double()
with torch.no_grad():
    for parameter in crf.parameters():
        parameter.copy_(torch.randn_like(parameter))
emissions = (3 * torch.randn(batch, length, classes, dtype=torch.float64)).requires_grad_()
tags = torch.randint(classes, (batch, length))
mask = torch.arange(length)[None, :] < torch.tensor(lengths)[:, None]

likelihoods = crf(emissions, tags, mask=mask, reduction="none")
likelihoods.sum().backward()
paths = numpy.full((batch, length), -1)
for row, path in enumerate(crf.decode(emissions, mask=mask)):
    paths[row, : len(path)] = path

for name, value in {
    "emissions": emissions, "start": crf.start_transitions, "end": crf.end_transitions,
    "transitions": crf.transitions, "likelihoods": likelihoods, "emissions_gradient": emissions.grad,
    "start_gradient": crf.start_transitions.grad, "end_gradient": crf.end_transitions.grad,
    "transitions_gradient": crf.transitions.grad,
}.items():
    numpy.save(name + ".npy", value.detach().numpy())
numpy.save("tags.npy", tags.numpy())
numpy.save("lengths.npy", numpy.array(lengths))
numpy.save("paths.npy", paths)
