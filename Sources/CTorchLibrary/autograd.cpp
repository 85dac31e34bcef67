// Gradients: the backward pass, and functions whose gradient is computed outside LibTorch.
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include "operators.hpp"

namespace ct {

namespace {

/// What a custom function keeps until its gradient is wanted.
struct Closure : torch::CustomClassHolder {
  ct_backward body;
  void (*free)(void *);
  void *context;

  Closure(ct_backward body, void (*free)(void *), void *context) : body(body), free(free), context(context) {}
  ~Closure() override { free(context); }
};

struct Custom : torch::autograd::Function<Custom> {
  static at::Tensor forward(
      torch::autograd::AutogradContext *ctx, at::TensorList inputs, const at::Tensor *value,
      c10::intrusive_ptr<Closure> closure) {
    ctx->saved_data["closure"] = c10::IValue::make_capsule(closure);
    ctx->saved_data["inputs"] = (int64_t)inputs.size();
    return value->detach();
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext *ctx, torch::autograd::variable_list gradients) {
    auto *closure = static_cast<Closure *>(ctx->saved_data["closure"].toCapsule().get());
    auto inputs = (size_t)ctx->saved_data["inputs"].toInt();
    std::vector<ct_tensor> given, results(inputs, nullptr);
    for (at::Tensor &gradient : gradients) given.push_back(own(gradient));
    bool done =
        closure->body(closure->context, given.data(), (int64_t)given.size(), results.data(), (int64_t)inputs);
    for (ct_tensor handle : given) delete reinterpret_cast<at::Tensor *>(handle);
    torch::autograd::variable_list computed(inputs + 2);  // none for the value and the closure
    for (size_t i = 0; i < inputs; i++) {
      if (!results[i]) continue;
      computed[i] = tensor(results[i]);
      delete reinterpret_cast<at::Tensor *>(results[i]);
    }
    TORCH_CHECK(done, "the gradient of a custom function failed");
    return computed;
  }
};

}  // namespace

ct_status backward(ct_tensor loss) {
  return guard([&] { torch::autograd::backward({tensor(loss)}, {}); });
}

ct_status custom(
    ct_tensor value, const ct_tensor *inputs, int64_t count, ct_backward backward, void (*release)(void *),
    void *context, ct_tensor *out) {
  auto closure = c10::make_intrusive<Closure>(backward, release, context);
  return guard([&] {
    torch::autograd::variable_list variables;
    for (int64_t i = 0; i < count; i++) variables.push_back(tensor(inputs[i]));
    *out = own(Custom::apply(at::TensorList(variables), &tensor(value), closure));
  });
}

}  // namespace ct
