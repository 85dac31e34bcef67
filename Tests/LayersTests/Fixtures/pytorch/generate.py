"""Layers, activations, losses, optimisers and schedules as PyTorch 2.13 computes them, into three safetensors files.

A layer's case has `<case>/input.N`, `<case>/parameter.<PyTorch's name>`, `<case>/output`, fixed random `<case>/weights`,
and for the loss sum(output * weights) `<case>/gradient.input.N` and `<case>/gradient.<name>`; buffers are given before
(`parameter.<name>`) and after (`after.<name>`).
"""

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20)
torch.set_num_threads(1)
cases = {}


def put(name, tensor):
    cases[name] = tensor.detach().clone().contiguous()


def case(name, function, *inputs):
    """`function` is a module or a function of the inputs."""
    module = function if isinstance(function, nn.Module) else None
    if module:
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.copy_(0.5 * torch.randn_like(parameter))
            for key, buffer in module.named_buffers():
                if buffer.is_floating_point():
                    buffer.copy_(torch.rand_like(buffer) + 0.5)
        for key, value in module.state_dict().items():
            put(f"{name}/parameter.{key}", value)
    for index, value in enumerate(inputs):
        put(f"{name}/input.{index}", value)
        if value.is_floating_point():
            value.requires_grad_()
    output = function(*inputs)
    output = output[0] if isinstance(output, tuple) else output
    weights = torch.randn_like(output)
    (output * weights).sum().backward()
    put(f"{name}/output", output)
    put(f"{name}/weights", weights)
    for index, value in enumerate(inputs):
        if value.is_floating_point():
            put(f"{name}/gradient.input.{index}", value.grad)
    if module:
        for key, parameter in module.named_parameters():
            put(f"{name}/gradient.{key}", parameter.grad)
        for key, buffer in module.named_buffers():
            put(f"{name}/after.{key}", buffer)


def x(*shape):
    return torch.randn(*shape)


case("linear", nn.Linear(5, 4), x(3, 2, 5))
case("linear without bias", nn.Linear(5, 4, bias=False), x(3, 5))
case("conv1d", nn.Conv1d(3, 4, 5), x(2, 3, 17))
case("conv1d strided, padded, dilated, grouped", nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2), x(2, 4, 19))
case("conv1d depthwise without bias", nn.Conv1d(4, 4, 3, padding=1, groups=4, bias=False), x(2, 4, 11))
case("conv2d", nn.Conv2d(2, 3, (3, 3), padding=(1, 1)), x(2, 2, 7, 6))
case("conv2d strided, oblong, grouped", nn.Conv2d(4, 4, (3, 5), stride=(2, 1), padding=(1, 2), groups=2), x(2, 4, 8, 9))
case("batch norm of samples, training", nn.BatchNorm1d(3), x(4, 3, 5))
case("batch norm of features, training", nn.BatchNorm1d(3, momentum=0.3, eps=1e-3), x(6, 3))
case("batch norm of maps, training", nn.BatchNorm2d(3), x(3, 3, 4, 5))
case("batch norm of samples, inference", nn.BatchNorm1d(3).eval(), x(4, 3, 5))
case("layer norm", nn.LayerNorm(6), x(2, 3, 6))
case("group norm", nn.GroupNorm(2, 4), x(2, 4, 7))
case("max pool of samples", lambda a: F.max_pool1d(a, 3, 2, padding=1), x(2, 3, 11))
case("max pool of samples, ceiling", lambda a: F.max_pool1d(a, 2, ceil_mode=True), x(2, 3, 11))
case("max pool of maps", lambda a: F.max_pool2d(a, (2, 3), stride=(2, 2), padding=(0, 1), ceil_mode=True), x(2, 3, 7, 8))
case("average pool of samples", lambda a: F.avg_pool1d(a, 3, 2), x(2, 3, 11))
case("average pool of maps", lambda a: F.avg_pool2d(a, (2, 3)), x(2, 3, 6, 7))
case("adaptive average of samples", lambda a: F.adaptive_avg_pool1d(a, 4), x(2, 3, 11))
case("adaptive average of maps", lambda a: F.adaptive_avg_pool2d(a, (2, 3)), x(2, 2, 7, 5))
case("lstm forwards", nn.LSTM(4, 5, batch_first=True), x(2, 7, 4))
case("lstm both ways, two layers", nn.LSTM(4, 3, num_layers=2, batch_first=True, bidirectional=True), x(2, 6, 4))
case("gru forwards", nn.GRU(4, 5, batch_first=True), x(2, 7, 4))
case("gru both ways, two layers", nn.GRU(4, 3, num_layers=2, batch_first=True, bidirectional=True), x(2, 6, 4))


class Attention(nn.MultiheadAttention):
    def forward(self, a, valid=None):
        unseen = None if valid is None else ~valid
        return super().forward(a, a, a, key_padding_mask=unseen, need_weights=False)


case("attention", Attention(8, 2, batch_first=True), x(2, 5, 8))
valid = torch.tensor([[True] * 5, [True, True, True, False, False]])
case("attention with a mask", Attention(8, 4, batch_first=True), x(2, 5, 8), valid)
for activation in ("relu", "gelu"):
    block = nn.TransformerEncoderLayer(
        8, 2, dim_feedforward=12, dropout=0, activation=activation, batch_first=True, norm_first=True)
    case(f"transformer block, {activation}", block, x(2, 5, 8))

for name, function in {
    "relu": F.relu, "leaky relu": lambda a: F.leaky_relu(a, 0.2), "elu": F.elu, "gelu": F.gelu, "silu": F.silu,
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "softplus": F.softplus,
    "softmax": lambda a: F.softmax(a, 1), "log softmax": lambda a: F.log_softmax(a, 1),
}.items():
    case(name, function, 3 * x(4, 6))

classes = torch.tensor([0, 4, 2, -1, 3, 1])
case("cross-entropy", lambda a, t: F.cross_entropy(a, t, ignore_index=-1), 2 * x(6, 5), classes)
case(
    "cross-entropy, weighted and smoothed",
    lambda a, t, w: F.cross_entropy(a, t, weight=w.detach(), ignore_index=-1, label_smoothing=0.1) + 0 * w.sum(),
    2 * x(6, 5), classes, torch.rand(5) + 0.5)
case(
    "cross-entropy of each", lambda a, t: F.cross_entropy(a, t, reduction="none", ignore_index=-1), 2 * x(6, 5), classes)
yes = torch.randint(2, (4, 3)).float()
case("binary cross-entropy", lambda a, t: F.binary_cross_entropy_with_logits(a, t.detach()) + 0 * t.sum(), 3 * x(4, 3), yes)
case("mean squared error", F.mse_loss, x(4, 3), x(4, 3))
case("summed squared error", lambda a, b: F.mse_loss(a, b, reduction="sum"), x(4, 3), x(4, 3))
case("smooth L1", lambda a, b: F.smooth_l1_loss(a, b, beta=0.5), x(4, 3), x(4, 3))
case("resized maps", lambda a: F.interpolate(a, size=(5, 9), mode="bilinear", align_corners=False), x(2, 2, 7, 6))
case(
    "transformed maps", lambda a, t: F.grid_sample(a, F.affine_grid(t, a.shape, align_corners=False), align_corners=False),
    x(2, 2, 6, 5), torch.eye(2, 3) + 0.2 * torch.randn(2, 2, 3))
save_file(cases, "layers.safetensors")

# Twenty steps of each rule from one start, on one problem; the parameters that every rule ends with.
inputs, targets = x(16, 3), x(16, 2)
start = {"0.weight": 0.7 * x(6, 3), "0.bias": 0.3 * x(6), "2.weight": 0.7 * x(2, 6), "2.bias": 0.3 * x(2)}
optimized = {"inputs": inputs, "targets": targets} | {f"start/{key}": value.clone() for key, value in start.items()}
rules = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "sgd with momentum and decay": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1),
    "sgd, nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
    "adam with decay": lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1),
    "adam, amsgrad": lambda p: torch.optim.Adam(p, lr=0.05, weight_decay=0.01, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05),
    "adamw, amsgrad": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.2, amsgrad=True),
    "adamw in two groups": lambda p: torch.optim.AdamW([{"params": p[:2], "lr": 0.005}, {"params": p[2:]}], lr=0.05),
    "sgd, clipped": lambda p: torch.optim.SGD(p, lr=0.5),
}
for name, make in rules.items():
    model = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2))
    model.load_state_dict(start)
    optimizer = make(list(model.parameters()))
    losses, norms = [], []
    for step in range(20):
        optimizer.zero_grad()
        loss = F.mse_loss(model(inputs), targets)
        loss.backward()
        if name == "sgd, clipped":
            norms.append(nn.utils.clip_grad_norm_(model.parameters(), 0.1))
        optimizer.step()
        losses.append(loss.detach())
    for key, value in model.state_dict().items():
        optimized[f"{name}/{key}"] = value.clone()
    optimized[f"{name}/losses"] = torch.stack(losses)
    if norms:
        optimized[f"{name}/norms"] = torch.stack(norms)
save_file(optimized, "optimizers.safetensors")


def rates(make, steps):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule, values = make(optimizer), []
    for _ in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return torch.tensor(values, dtype=torch.float64)


S = torch.optim.lr_scheduler
schedules = {
    "cosine": rates(lambda o: S.CosineAnnealingLR(o, 30), 31),
    "cosine to a floor": rates(lambda o: S.CosineAnnealingLR(o, 30, eta_min=0.1), 31),
    "cosine with warm-up": rates(
        lambda o: S.SequentialLR(
            o, [S.LinearLR(o, start_factor=1 / 5, total_iters=4), S.CosineAnnealingLR(o, 25)], milestones=[5]), 30),
    "restarts": rates(lambda o: S.CosineAnnealingWarmRestarts(o, 10), 45),
    "restarts, longer each time": rates(lambda o: S.CosineAnnealingWarmRestarts(o, 5, T_mult=2, eta_min=0.05), 60),
}
for name, losses in {
    "plateau": [1.0, 0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8],
    "plateau of small gains": [1.0] + [1.0 - 0.0003 * i for i in range(1, 18)],
    "plateau begun with NaN": [float("nan"), 1.0, 0.9, 0.95, 0.95, 0.95, 0.7, float("nan"), 0.8, 0.8, 0.6],
}.items():
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule, values = S.ReduceLROnPlateau(optimizer, factor=0.5, patience=2, threshold=1e-3, min_lr=0.1), []
    for loss in losses:
        schedule.step(loss)
        values.append(optimizer.param_groups[0]["lr"])
    schedules[f"{name}/losses"] = torch.tensor(losses, dtype=torch.float64)
    schedules[name] = torch.tensor(values, dtype=torch.float64)
save_file(schedules, "schedules.safetensors")
