// Batch norm together with what follows it, so that a value is read as seldom as may be: a rectifier; the pooling of pairs and a rectifier; or the
// pooling of pairs, the sum with a shortcut's and the rectifier of a residual block. Values lie as rows of channels: `[batch, samples, channels]`.
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <vector>

#include "operators.hpp"

namespace ct {

namespace {

/// A norm as `scale * x + shift`, and its mean; `[channels]` each.
struct Norm {
  const float *scale, *shift, *mean;
};

struct Loops {
  void (*moments)(const float *, int64_t, int64_t, double *, double *, float *);
  void (*rectified)(const float *, int64_t, int64_t, const float *, const float *, float *);
  void (*rectified_sums)(
      const float *, const float *, int64_t, int64_t, const Norm &, double *, double *, float *);
  void (*rectified_gradient)(
      const float *, const float *, int64_t, int64_t, const Norm &, const float *, const float *, float *);
  void (*pooled)(const float *, int64_t, int64_t, const Norm &, float *);
  void (*joined)(const float *, const float *, int64_t, int64_t, const Norm &, const Norm &, float *);
  void (*joined_sums)(
      const float *, const float *, const float *, int64_t, int64_t, const Norm &, double *, double *, float *);
  void (*joined_gradient)(
      const float *, const float *, const float *, int64_t, int64_t, const Norm &, const float *, const float *,
      float *);
};

namespace plain {
#include "rows.hpp"
}

#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace avx2 {
#include "rows.hpp"
}
#pragma clang attribute pop
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq,avx512bw,prefer-256-bit"))), apply_to = function)
namespace avx512 {
#include "rows.hpp"
}
#pragma clang attribute pop
#endif

static const Loops &fastest(int64_t channels) {
#if defined(__x86_64__) && defined(__clang__)
  static const bool hasWide = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                              __builtin_cpu_supports("avx512dq");
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return hasWide ? avx512::loops(channels) : has ? avx2::loops(channels) : plain::loops(channels);
#else
  return plain::loops(channels);
#endif
}

/// Rows that are read together: sums over them are added in their order, whatever the number of threads.
constexpr int64_t chunk = 4096;

/// Two sums a channel over stretches of rows, which `body` gives for each.
struct Sums {
  std::vector<double> first, second;
};

template <typename Body>
static std::vector<Sums> each_chunk(int64_t rows, int64_t channels, const Body &body) {
  std::vector<Sums> parts((size_t)((rows + chunk - 1) / chunk));
  at::parallel_for(0, (int64_t)parts.size(), 1, [&](int64_t begin, int64_t end) {
    std::vector<float> room((size_t)(2 * channels));
    for (int64_t part = begin; part < end; part++) {
      Sums &sums = parts[(size_t)part];
      sums.first.resize((size_t)channels);
      sums.second.resize((size_t)channels);
      body(part * chunk, std::min(rows, (part + 1) * chunk), sums, room.data());
    }
  });
  return parts;
}

static Sums total(const std::vector<Sums> &parts, int64_t channels) {
  Sums all{std::vector<double>((size_t)channels), std::vector<double>((size_t)channels)};
  for (const Sums &part : parts)
    for (size_t c = 0; c < (size_t)channels; c++) all.first[c] += part.first[c], all.second[c] += part.second[c];
  return all;
}

/// What rows are like: each channel's mean and biased variance, and how many rows there are; `[2 channels + 1]` of doubles.
static at::Tensor moments(const at::Tensor &x) {
  const int64_t channels = x.size(-1), rows = x.numel() / channels;
  const float *values = x.const_data_ptr<float>();
  auto parts = each_chunk(rows, channels, [&](int64_t begin, int64_t end, Sums &sums, float *room) {
    fastest(channels).moments(
        values + begin * channels, end - begin, channels, sums.first.data(), sums.second.data(), room);
  });
  auto all = at::empty({2 * channels + 1}, x.options().dtype(at::kDouble));
  double *out = all.mutable_data_ptr<double>();
  for (int64_t c = 0; c < channels; c++) {
    double average = 0, squares = 0;
    int64_t seen = 0;
    for (size_t part = 0; part < parts.size(); part++) {
      const int64_t count = std::min(chunk, rows - (int64_t)part * chunk);
      const double step = parts[part].first[(size_t)c] - average, all = (double)(seen + count);
      average += step * (double)count / all;
      squares += parts[part].second[(size_t)c] + step * step * (double)seen * (double)count / all;
      seen += count;
    }
    out[c] = average;
    out[channels + c] = squares / (double)rows;
  }
  out[2 * channels] = (double)rows;
  return all;
}

/// The norm by what rows are like, `[scale, shift, mean, 1 / deviation]`, `[4, channels]`; running statistics move towards it.
static at::Tensor norm_by(
    const at::Tensor &moments, const at::Tensor &weight, const at::Tensor &bias, at::Tensor mean, at::Tensor variance,
    double momentum, double epsilon) {
  const int64_t channels = weight.numel();
  auto norm = at::empty({4, channels}, weight.options());
  float *out = norm.mutable_data_ptr<float>();
  const double *like = moments.const_data_ptr<double>(), rows = like[2 * channels];
  const float *w = weight.const_data_ptr<float>(), *b = bias.const_data_ptr<float>();
  float *runningMean = mean.mutable_data_ptr<float>(), *runningVariance = variance.mutable_data_ptr<float>();
  for (int64_t c = 0; c < channels; c++) {
    const double average = like[c], spread = like[channels + c], inverse = 1 / std::sqrt(spread + epsilon);
    out[c] = (float)(w[c] * inverse);
    out[channels + c] = (float)(b[c] - average * w[c] * inverse);
    out[2 * channels + c] = (float)average;
    out[3 * channels + c] = (float)inverse;
    if (momentum == 0) continue;
    runningMean[c] = (float)((1 - momentum) * runningMean[c] + momentum * average);
    runningVariance[c] = (float)((1 - momentum) * runningVariance[c] + momentum * spread * rows / (rows - 1));
  }
  return norm;
}

/// The norm of a batch: in training by its own statistics, which the running ones move towards; else by those.
static at::Tensor statistics(
    const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias, at::Tensor mean, at::Tensor variance,
    bool training, double momentum, double epsilon) {
  if (training) return norm_by(moments(x), weight, bias, mean, variance, momentum, epsilon);
  auto like = at::cat({mean, variance, at::ones({1}, mean.options())}).to(at::kDouble);
  return norm_by(like, weight, bias, mean, variance, 0, epsilon);
}

static Norm view(const at::Tensor &norm) {
  const float *values = norm.const_data_ptr<float>();
  const int64_t channels = norm.size(1);
  return {values, values + channels, values + 2 * channels};
}

/// What a norm's gradients are made of once both sums are there.
struct Gradients {
  at::Tensor weight, bias;
  /// What is added to `scale * gradient`: `slope * x + offset`.
  std::vector<float> slope, offset;

  /// - rows: Of the whole batch; 0 where the statistics are not its own and do not depend on it.
  Gradients(const Sums &sums, const at::Tensor &norm, double rows) {
    const int64_t channels = norm.size(1);
    weight = at::empty({channels}, norm.options());
    bias = at::empty({channels}, norm.options());
    slope.resize((size_t)channels);
    offset.resize((size_t)channels);
    const float *scale = norm.const_data_ptr<float>(), *mean = scale + 2 * channels, *inverse = scale + 3 * channels;
    for (int64_t c = 0; c < channels; c++) {
      const double one = sums.first[(size_t)c], distance = sums.second[(size_t)c];
      weight.mutable_data_ptr<float>()[c] = (float)(distance * inverse[c]);
      bias.mutable_data_ptr<float>()[c] = (float)one;
      if (rows == 0) continue;
      const double tilt = -scale[c] * distance * inverse[c] * inverse[c] / rows;
      slope[(size_t)c] = (float)tilt;
      offset[(size_t)c] = (float)(-scale[c] * one / rows - tilt * mean[c]);
    }
  }
};

/// The rows whose statistics a norm is by; 0 of running ones.
static double rows_of_batch(const at::Tensor &x, bool training) {
  return training ? (double)(x.numel() / x.size(-1)) : 0;
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Normalised and rectified.
static at::Tensor rectified(const at::Tensor &x, const at::Tensor &norm) {
  auto y = at::empty_like(x);
  const int64_t channels = x.size(-1), rows = x.numel() / channels;
  const float *from = x.const_data_ptr<float>();
  float *to = y.mutable_data_ptr<float>();
  const Norm by = view(norm);
  at::parallel_for(0, rows, chunk, [&](int64_t begin, int64_t end) {
    fastest(channels).rectified(
        from + begin * channels, end - begin, channels, by.scale, by.shift, to + begin * channels);
  });
  return y;
}

static Sums rectified_sums(const at::Tensor &x, const at::Tensor &norm, const at::Tensor &gradient) {
  const int64_t channels = x.size(-1), rows = x.numel() / channels;
  const float *values = x.const_data_ptr<float>(), *from = gradient.const_data_ptr<float>();
  const Norm by = view(norm);
  return total(
      each_chunk(
          rows, channels,
          [&](int64_t begin, int64_t end, Sums &sums, float *room) {
            fastest(channels).rectified_sums(
                values + begin * channels, from + begin * channels, end - begin, channels, by, sums.first.data(),
                sums.second.data(), room);
          }),
      channels);
}

static at::Tensor rectified_gradient(
    const at::Tensor &x, const at::Tensor &norm, const at::Tensor &gradient, const Gradients &own) {
  const int64_t channels = x.size(-1), rows = x.numel() / channels;
  const float *values = x.const_data_ptr<float>(), *from = gradient.const_data_ptr<float>();
  const Norm by = view(norm);
  auto result = at::empty_like(x);
  float *to = result.mutable_data_ptr<float>();
  at::parallel_for(0, rows, chunk, [&](int64_t begin, int64_t end) {
    fastest(channels).rectified_gradient(
        values + begin * channels, from + begin * channels, end - begin, channels, by, own.slope.data(),
        own.offset.data(), to + begin * channels);
  });
  return result;
}

struct NormRelu : torch::autograd::Function<NormRelu> {
  static at::Tensor forward(
      AutogradContext *ctx, const at::Tensor &input, const at::Tensor &weight, const at::Tensor &bias,
      const at::Tensor &mean, const at::Tensor &variance, bool training, double momentum, double epsilon) {
    auto x = input.contiguous();
    auto norm = statistics(x, weight, bias, mean, variance, training, momentum, epsilon);
    ctx->save_for_backward({x, norm});
    ctx->saved_data["training"] = training;
    return rectified(x, norm);
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const at::Tensor &x = saved[0], &norm = saved[1];
    auto gradient = gradients[0].contiguous();
    const Gradients own(
        rectified_sums(x, norm, gradient), norm, rows_of_batch(x, ctx->saved_data["training"].toBool()));
    return {rectified_gradient(x, norm, gradient, own), own.weight, own.bias, {}, {}, {}, {}, {}};
  }
};

/// Stretches of pairs of one sequence, on all threads.
template <typename Body>
static void each_pair(int64_t batch, int64_t pairs, const Body &body) {
  const int64_t parts = (pairs + chunk - 1) / chunk;
  at::parallel_for(0, batch * parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; part++) {
      const int64_t start = part % parts * chunk;
      body(part / parts, start, std::min(pairs, start + chunk));
    }
  });
}

/// The sums for the gradients of what was normalised and pooled by pairs.
///
/// - y: What came of it, rectified; a last sample without a partner is in it where it has more rows than there are pairs.
static Sums pooled_sums(const at::Tensor &x, const at::Tensor &norm, const at::Tensor &y, const at::Tensor &gradient) {
  const int64_t batch = x.size(0), samples = x.size(1), channels = x.size(2), pairs = samples / 2;
  const int64_t results = y.size(1), stretches = (pairs + chunk - 1) / chunk;
  const float *values = x.const_data_ptr<float>(), *out = y.const_data_ptr<float>();
  const float *from = gradient.const_data_ptr<float>();
  const Norm by = view(norm);
  std::vector<Sums> parts((size_t)(batch * stretches));
  each_pair(batch, pairs, [&](int64_t row, int64_t begin, int64_t end) {
    Sums &sums = parts[(size_t)(row * stretches + begin / chunk)];
    sums.first.resize((size_t)channels);
    sums.second.resize((size_t)channels);
    std::vector<float> room((size_t)(2 * channels));
    const int64_t place = (row * results + begin) * channels;
    fastest(channels).joined_sums(
        values + (row * samples + 2 * begin) * channels, out + place, from + place, end - begin, channels, by,
        sums.first.data(), sums.second.data(), room.data());
    if (results == pairs || end != pairs) return;
    std::vector<double> ones((size_t)channels), distances((size_t)channels);
    fastest(channels).rectified_sums(
        values + (row * samples + samples - 1) * channels, from + (row * results + pairs) * channels, 1, channels, by,
        ones.data(), distances.data(), room.data());
    for (size_t c = 0; c < (size_t)channels; c++) sums.first[c] += ones[c], sums.second[c] += distances[c];
  });
  return total(parts, channels);
}

/// The gradient of the rows themselves.
static at::Tensor pooled_gradient(
    const at::Tensor &x, const at::Tensor &norm, const at::Tensor &y, const at::Tensor &gradient,
    const Gradients &own) {
  const int64_t batch = x.size(0), samples = x.size(1), channels = x.size(2), pairs = samples / 2;
  const int64_t results = y.size(1);
  const float *values = x.const_data_ptr<float>(), *out = y.const_data_ptr<float>();
  const float *from = gradient.const_data_ptr<float>();
  const Norm by = view(norm);
  auto result = at::empty_like(x);
  float *to = result.mutable_data_ptr<float>();
  each_pair(batch, pairs, [&](int64_t row, int64_t begin, int64_t end) {
    const int64_t place = (row * results + begin) * channels, wide = (row * samples + 2 * begin) * channels;
    fastest(channels).joined_gradient(
        values + wide, out + place, from + place, end - begin, channels, by, own.slope.data(), own.offset.data(),
        to + wide);
    if (samples % 2 == 0 || end != pairs) return;
    const float *line = values + (row * samples + samples - 1) * channels;
    float *last = to + (row * samples + samples - 1) * channels;
    if (results > pairs) {
      fastest(channels).rectified_gradient(
          line, from + (row * results + pairs) * channels, 1, channels, by, own.slope.data(), own.offset.data(), last);
    } else {
      // A last sample without a partner is in the statistics alone.
      for (int64_t c = 0; c < channels; c++) last[c] = own.slope[(size_t)c] * line[c] + own.offset[(size_t)c];
    }
  });
  return result;
}

/// The gradients of rows and of the norm's parameters.
static std::tuple<at::Tensor, at::Tensor, at::Tensor> pooled_gradients(
    const at::Tensor &x, const at::Tensor &norm, const at::Tensor &y, const at::Tensor &gradient, bool training) {
  const Gradients own(pooled_sums(x, norm, y, gradient), norm, rows_of_batch(x, training));
  return {pooled_gradient(x, norm, y, gradient, own), own.weight, own.bias};
}

/// The larger of each two samples, normalised and rectified; a last one without a partner counts.
static at::Tensor pooled(const at::Tensor &x, const at::Tensor &norm) {
  const int64_t batch = x.size(0), samples = x.size(1), channels = x.size(2), pairs = samples / 2;
  const int64_t results = (samples + 1) / 2;
  auto y = at::empty({batch, results, channels}, x.options());
  const float *from = x.const_data_ptr<float>();
  float *to = y.mutable_data_ptr<float>();
  const Norm by = view(norm);
  each_pair(batch, pairs, [&](int64_t row, int64_t begin, int64_t end) {
    fastest(channels).pooled(
        from + (row * samples + 2 * begin) * channels, end - begin, channels, by,
        to + (row * results + begin) * channels);
    if (results == pairs || end != pairs) return;
    fastest(channels).rectified(
        from + (row * samples + samples - 1) * channels, 1, channels, by.scale, by.shift,
        to + (row * results + pairs) * channels);
  });
  return y;
}

/// The larger of each two samples of both, each by its norm, added and rectified.
static at::Tensor joined(const at::Tensor &a, const at::Tensor &ofA, const at::Tensor &b, const at::Tensor &ofB) {
  const int64_t batch = a.size(0), samples = a.size(1), channels = a.size(2), pairs = samples / 2;
  auto y = at::empty({batch, pairs, channels}, a.options());
  const float *fromA = a.const_data_ptr<float>(), *fromB = b.const_data_ptr<float>();
  float *to = y.mutable_data_ptr<float>();
  const Norm byA = view(ofA), byB = view(ofB);
  each_pair(batch, pairs, [&](int64_t row, int64_t begin, int64_t end) {
    const int64_t place = (row * samples + 2 * begin) * channels;
    fastest(channels).joined(
        fromA + place, fromB + place, end - begin, channels, byA, byB, to + (row * pairs + begin) * channels);
  });
  return y;
}

struct NormPoolRelu : torch::autograd::Function<NormPoolRelu> {
  static at::Tensor forward(
      AutogradContext *ctx, const at::Tensor &input, const at::Tensor &weight, const at::Tensor &bias,
      const at::Tensor &mean, const at::Tensor &variance, bool training, double momentum, double epsilon) {
    TORCH_CHECK(input.dim() == 3 && input.size(1) > 1, "sequences of more than one sample");
    auto x = input.contiguous();
    auto norm = statistics(x, weight, bias, mean, variance, training, momentum, epsilon);
    auto y = pooled(x, norm);
    ctx->save_for_backward({x, norm, y});
    ctx->saved_data["training"] = training;
    return y;
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    auto [main, weight, bias] = pooled_gradients(
        saved[0], saved[1], saved[2], gradients[0].contiguous(), ctx->saved_data["training"].toBool());
    return {main, weight, bias, {}, {}, {}, {}, {}};
  }
};

struct NormPoolJoin : torch::autograd::Function<NormPoolJoin> {
  static at::Tensor forward(
      AutogradContext *ctx, const at::Tensor &main, const at::Tensor &weight, const at::Tensor &bias,
      const at::Tensor &mean, const at::Tensor &variance, const at::Tensor &around, const at::Tensor &aroundWeight,
      const at::Tensor &aroundBias, const at::Tensor &aroundMean, const at::Tensor &aroundVariance, bool training,
      double momentum, double epsilon) {
    TORCH_CHECK(main.sizes() == around.sizes() && main.size(1) > 1, "two maps of one shape and more than one sample");
    auto a = main.contiguous(), b = around.contiguous();
    auto ofA = statistics(a, weight, bias, mean, variance, training, momentum, epsilon);
    auto ofB = statistics(b, aroundWeight, aroundBias, aroundMean, aroundVariance, training, momentum, epsilon);
    auto y = joined(a, ofA, b, ofB);
    ctx->save_for_backward({a, ofA, b, ofB, y});
    ctx->saved_data["training"] = training;
    return y;
  }

  static variable_list backward(AutogradContext *ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    auto gradient = gradients[0].contiguous();
    const bool training = ctx->saved_data["training"].toBool();
    auto [main, weight, bias] = pooled_gradients(saved[0], saved[1], saved[4], gradient, training);
    auto [around, aroundWeight, aroundBias] =
        pooled_gradients(saved[2], saved[3], saved[4], gradient, training);
    return {main, weight, bias, {}, {}, around, aroundWeight, aroundBias, {}, {}, {}, {}, {}};
  }
};

static at::Tensor norm_relu(
    const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias, const at::Tensor &mean,
    const at::Tensor &variance, bool training, double momentum, double epsilon) {
  return NormRelu::apply(x, weight, bias, mean, variance, training, momentum, epsilon);
}

static at::Tensor norm_pool_relu(
    const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias, const at::Tensor &mean,
    const at::Tensor &variance, bool training, double momentum, double epsilon) {
  return NormPoolRelu::apply(x, weight, bias, mean, variance, training, momentum, epsilon);
}

static at::Tensor norm_pool_join(
    const at::Tensor &main, const at::Tensor &weight, const at::Tensor &bias, const at::Tensor &mean,
    const at::Tensor &variance, const at::Tensor &around, const at::Tensor &aroundWeight,
    const at::Tensor &aroundBias, const at::Tensor &aroundMean, const at::Tensor &aroundVariance, bool training,
    double momentum, double epsilon) {
  return NormPoolJoin::apply(
      main, weight, bias, mean, variance, around, aroundWeight, aroundBias, aroundMean, aroundVariance, training,
      momentum, epsilon);
}

// The same in parts, for norms by the rows of several processes: each adds up its own, and is told what all have.

static at::Tensor tensor_of(const Sums &sums, const at::Tensor &like) {
  const int64_t channels = (int64_t)sums.first.size();
  auto all = at::empty({2, channels}, like.options().dtype(at::kDouble));
  std::copy(sums.first.begin(), sums.first.end(), all.mutable_data_ptr<double>());
  std::copy(sums.second.begin(), sums.second.end(), all.mutable_data_ptr<double>() + channels);
  return all;
}

static Gradients gradients_of(const at::Tensor &sums, const at::Tensor &norm, double rows) {
  const int64_t channels = sums.size(1);
  const double *values = sums.const_data_ptr<double>();
  return Gradients(
      Sums{{values, values + channels}, {values + channels, values + 2 * channels}}, norm, rows);
}

static at::Tensor norm_relu_sums(const at::Tensor &x, const at::Tensor &norm, const at::Tensor &gradient) {
  return tensor_of(rectified_sums(x, norm, gradient), x);
}

static at::Tensor norm_relu_gradient(
    const at::Tensor &x, const at::Tensor &norm, const at::Tensor &gradient, const at::Tensor &sums, double rows) {
  return rectified_gradient(x, norm, gradient, gradients_of(sums, norm, rows));
}

static at::Tensor norm_pool_sums(
    const at::Tensor &x, const at::Tensor &norm, const at::Tensor &y, const at::Tensor &gradient) {
  return tensor_of(pooled_sums(x, norm, y, gradient), x);
}

static at::Tensor norm_pool_gradient(
    const at::Tensor &x, const at::Tensor &norm, const at::Tensor &y, const at::Tensor &gradient,
    const at::Tensor &sums, double rows) {
  return pooled_gradient(x, norm, y, gradient, gradients_of(sums, norm, rows));
}

}  // namespace

TORCH_LIBRARY(ssrm, library) {
  library.def(
      "norm_relu(Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, bool training, float momentum, "
      "float epsilon) -> Tensor",
      norm_relu);
  library.def(
      "norm_pool_relu(Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, bool training, float momentum, "
      "float epsilon) -> Tensor",
      norm_pool_relu);
  library.def(
      "norm_pool_join(Tensor main, Tensor weight, Tensor bias, Tensor mean, Tensor variance, Tensor around, "
      "Tensor around_weight, Tensor around_bias, Tensor around_mean, Tensor around_variance, bool training, float momentum, "
      "float epsilon) -> Tensor",
      norm_pool_join);
  library.def("norm_moments(Tensor x) -> Tensor", moments);
  library.def(
      "norm_by(Tensor moments, Tensor weight, Tensor bias, Tensor mean, Tensor variance, float momentum, float epsilon) "
      "-> Tensor",
      norm_by);
  library.def("normed_relu(Tensor x, Tensor norm) -> Tensor", rectified);
  library.def("normed_pool_relu(Tensor x, Tensor norm) -> Tensor", pooled);
  library.def("normed_pool_join(Tensor x, Tensor norm, Tensor around, Tensor around_norm) -> Tensor", joined);
  library.def("normed_relu_sums(Tensor x, Tensor norm, Tensor gradient) -> Tensor", norm_relu_sums);
  library.def(
      "normed_relu_gradient(Tensor x, Tensor norm, Tensor gradient, Tensor sums, float rows) -> Tensor",
      norm_relu_gradient);
  library.def("normed_pool_sums(Tensor x, Tensor norm, Tensor y, Tensor gradient) -> Tensor", norm_pool_sums);
  library.def(
      "normed_pool_gradient(Tensor x, Tensor norm, Tensor y, Tensor gradient, Tensor sums, float rows) -> Tensor",
      norm_pool_gradient);
}

}  // namespace ct
