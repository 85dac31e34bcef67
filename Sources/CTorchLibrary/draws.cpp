// Random numbers of which there are many, such as noise: drawn on all threads, and the same however many there are.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ct {

namespace {

namespace plain {
#include "draws.hpp"
}

#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace avx2 {
#include "draws.hpp"
}
#pragma clang attribute pop
#endif

static bool is_wide() {
#if defined(__x86_64__) && defined(__clang__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

#if !defined(__x86_64__) || !defined(__clang__)
namespace avx2 = plain;
#endif

/// Numbers in parts of so many, each by a stream of its own. All are a function of one number that the generator gives.
static at::Tensor drawn(
    at::IntArrayRef size, const std::optional<at::Generator> &generator,
    void (*draw)(uint64_t, uint64_t, float *, int64_t)) {
  constexpr int64_t part = 1 << 14;
  auto numbers = at::empty(size, at::kFloat);
  auto *source = at::check_generator<at::CPUGeneratorImpl>(generator);
  uint64_t seed;
  {
    std::lock_guard<std::mutex> lock(source->mutex_);
    seed = source->random64();
  }
  float *out = numbers.mutable_data_ptr<float>();
  const int64_t count = numbers.numel();
  at::parallel_for(0, (count + part - 1) / part, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) draw(seed, (uint64_t)i, out + i * part, std::min(part, count - i * part));
  });
  return numbers;
}

static at::Tensor uniform(at::IntArrayRef size, const std::optional<at::Generator> &generator) {
  return drawn(size, generator, is_wide() ? avx2::uniform : plain::uniform);
}

static at::Tensor normal(at::IntArrayRef size, const std::optional<at::Generator> &generator) {
  return drawn(size, generator, is_wide() ? avx2::normal : plain::normal);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(ssrm, library) {
  library.def("uniform(int[] size, Generator? generator) -> Tensor", uniform);
  library.def("normal(int[] size, Generator? generator) -> Tensor", normal);
}

}  // namespace ct
