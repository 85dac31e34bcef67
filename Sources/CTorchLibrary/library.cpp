// The table of everything that the library offers.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/api/include/torch/version.h>

#include "operators.hpp"

namespace ct {

static ct_status from_data(
    const void *data, const int64_t *shape, int64_t rank, int32_t dtype, bool pinned, ct_tensor *out) {
  return guard([&] {
    at::IntArrayRef sizes(shape, (size_t)rank);
    auto value = at::empty(sizes, at::TensorOptions().dtype((at::ScalarType)dtype).pinned_memory(pinned));
    if (value.nbytes() > 0) std::memcpy(value.mutable_data_ptr(), data, value.nbytes());
    *out = own(value);
  });
}

static ct_status to_data(ct_tensor handle, void *data, int64_t bytes) {
  return guard([&] {
    auto value = tensor(handle).detach().cpu().contiguous();
    TORCH_CHECK((int64_t)value.nbytes() == bytes, "a tensor of ", value.nbytes(), " bytes, room for ", bytes);
    if (bytes > 0) std::memcpy(data, value.const_data_ptr(), (size_t)bytes);
  });
}

static ct_status gradient(ct_tensor handle, ct_tensor *out) {
  return guard([&] {
    const at::Tensor &value = tensor(handle).grad();
    *out = own(value);
  });
}

static ct_status set_gradient(ct_tensor handle, ct_tensor gradient) {
  return guard([&] { tensor(handle).mutable_grad() = gradient ? tensor(gradient) : at::Tensor(); });
}

static ct_status make_generator(uint64_t seed, const char *device, ct_generator *out) {
  return guard([&] {
    auto made = at::globalContext().defaultGenerator(c10::Device(device)).clone();
    made.set_current_seed(seed);
    *out = reinterpret_cast<ct_generator>(new at::Generator(made));
  });
}

static ct_status generator_state(ct_generator handle, ct_tensor *out) {
  return guard([&] { *out = own(generator(handle).get_state()); });
}

static ct_status set_generator_state(ct_generator handle, ct_tensor state) {
  return guard([&] { generator(handle).set_state(tensor(state)); });
}

static bool set_grad_enabled(bool value) {
  bool was = at::GradMode::is_enabled();
  at::GradMode::set_enabled(value);
  return was;
}

static bool set_autocast(bool cuda, bool value, int32_t dtype) {
  auto device = cuda ? at::kCUDA : at::kCPU;
  bool was = at::autocast::is_autocast_enabled(device);
  if (value && dtype >= 0) at::autocast::set_autocast_dtype(device, (at::ScalarType)dtype);
  at::autocast::set_autocast_enabled(device, value);
  if (!value) at::autocast::clear_cache();
  return was;
}

static void set_deterministic(bool value) {
  auto &context = at::globalContext();
  context.setDeterministicAlgorithms(value, true);
  context.setDeterministicCuDNN(value);
  context.setBenchmarkCuDNN(false);
  // Memory that no operator has written yet is read by none here.
  context.setDeterministicFillUninitializedMemory(false);
}

static const ct_api table = {
    .message = [] { return failure.c_str(); },
    .version = [] { return TORCH_VERSION; },
    .find_operator = find_operator,
    .call = call,
    .from_data = from_data,
    .to_data = to_data,
    .share = [](ct_tensor handle) { return own(tensor(handle)); },
    .release = [](ct_tensor handle) { delete reinterpret_cast<at::Tensor *>(handle); },
    .rank = [](ct_tensor handle) { return tensor(handle).dim(); },
    .shape =
        [](ct_tensor handle, int64_t *out) {
          auto sizes = tensor(handle).sizes();
          std::copy(sizes.begin(), sizes.end(), out);
        },
    .dtype = [](ct_tensor handle) { return (int32_t)tensor(handle).scalar_type(); },
    .card = [](ct_tensor handle) { return tensor(handle).is_cuda() ? (int32_t)tensor(handle).get_device() : -1; },
    .requires_grad = [](ct_tensor handle) { return tensor(handle).requires_grad(); },
    .set_requires_grad =
        [](ct_tensor handle, bool value) { return guard([&] { tensor(handle).set_requires_grad(value); }); },
    .gradient = gradient,
    .set_gradient = set_gradient,
    .backward = backward,
    .set_grad_enabled = set_grad_enabled,
    .custom = custom,
    .set_autocast = set_autocast,
    .generator = make_generator,
    .release_generator = [](ct_generator handle) { delete reinterpret_cast<at::Generator *>(handle); },
    .generator_state = generator_state,
    .set_generator_state = set_generator_state,
    .cards = [] { return (int32_t)at::getNumGPUs(); },
    .set_threads = [](int32_t count) { at::set_num_threads(count); },
    .threads = [] { return (int32_t)at::get_num_threads(); },
    .set_deterministic = set_deterministic,
    .deterministic = [] { return at::globalContext().deterministicAlgorithms(); },
};

}  // namespace ct

extern "C" __attribute__((visibility("default"))) const ct_api *ct_table(void) { return &ct::table; }
