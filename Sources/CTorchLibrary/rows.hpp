// Loops over rows of channels, `[rows, channels]`; included once an instruction set, which is why nothing guards it.

/// Sums over at most as many rows as a float can count without loss that matters.
static constexpr int64_t block = 256;

/// A loop over channels, a vector at a time. Left to itself, clang unrolls one over eight channels to single values, which takes twice to
/// eight times as long.
#undef EACH_CHANNEL
#define EACH_CHANNEL                                                                 \
  _Pragma("clang loop vectorize_width(8) interleave_count(1) unroll(disable)") \
  for (int64_t c = 0; c < channels; c++)

// Each loop is made for usual numbers of channels, `fixed`, and for any, where that is 0: a loop over few of which it is not known how many takes
// two to six times as long.

/// The mean of `rows` rows, and the sums of their squared distances from it.
template <int64_t fixed>
static void moments(
    const float *__restrict x, int64_t rows, int64_t channels, double *mean, double *squares, float *room) {
  if (fixed) channels = fixed;
  for (int64_t c = 0; c < channels; c++) mean[c] = squares[c] = 0;
  float *__restrict sum = room, *__restrict centre = room + channels;
  for (int64_t start = 0; start < rows; start += block) {
    const int64_t count = std::min(block, rows - start);
    const float *begin = x + start * channels;
    for (int64_t c = 0; c < channels; c++) sum[c] = 0;
    for (int64_t row = 0; row < count; row++) {
      const float *line = begin + row * channels;
      for (int64_t c = 0; c < channels; c++) sum[c] += line[c];
    }
    for (int64_t c = 0; c < channels; c++) centre[c] = sum[c] / (float)count, sum[c] = 0;
    for (int64_t row = 0; row < count; row++) {
      const float *line = begin + row * channels;
      for (int64_t c = 0; c < channels; c++) {
        const float distance = line[c] - centre[c];
        sum[c] += distance * distance;
      }
    }
    // Chan, Golub and LeVeque (1979).
    const double all = (double)(start + count);
    for (int64_t c = 0; c < channels; c++) {
      const double step = (double)centre[c] - mean[c];
      mean[c] += step * (double)count / all;
      squares[c] += (double)sum[c] + step * step * (double)start * (double)count / all;
    }
  }
}

template <int64_t fixed>
static void rectified(
    const float *__restrict x, int64_t rows, int64_t channels, const float *__restrict scale,
    const float *__restrict shift, float *__restrict y) {
  if (fixed) channels = fixed;
  for (int64_t row = 0; row < rows; row++) {
    const float *line = x + row * channels;
    float *out = y + row * channels;
    EACH_CHANNEL {
      const float value = line[c] * scale[c] + shift[c];
      out[c] = value < 0 ? 0 : value;  // NaN stays
    }
  }
}

/// Sums of the gradients that pass, and of them times the values' distances from the mean.
template <int64_t fixed>
static void rectified_sums(
    const float *__restrict x, const float *__restrict gradient, int64_t rows, int64_t channels, const Norm &norm,
    double *ones, double *distances, float *room) {
  if (fixed) channels = fixed;
  for (int64_t c = 0; c < channels; c++) ones[c] = distances[c] = 0;
  float *__restrict one = room, *__restrict distance = room + channels;
  const float *__restrict scale = norm.scale, *__restrict shift = norm.shift, *__restrict mean = norm.mean;
  for (int64_t start = 0; start < rows; start += block) {
    const int64_t end = std::min(rows, start + block);
    for (int64_t c = 0; c < channels; c++) one[c] = distance[c] = 0;
    for (int64_t row = start; row < end; row++) {
      const float *line = x + row * channels, *from = gradient + row * channels;
      EACH_CHANNEL {
        const float passes = line[c] * scale[c] + shift[c] > 0 ? from[c] : 0;
        one[c] += passes;
        distance[c] += passes * (line[c] - mean[c]);
      }
    }
    for (int64_t c = 0; c < channels; c++) ones[c] += one[c], distances[c] += distance[c];
  }
}

/// `scale * passing + slope * x + offset`.
template <int64_t fixed>
static void rectified_gradient(
    const float *__restrict x, const float *__restrict gradient, int64_t rows, int64_t channels, const Norm &norm,
    const float *__restrict slope, const float *__restrict offset, float *__restrict result) {
  if (fixed) channels = fixed;
  const float *__restrict scale = norm.scale, *__restrict shift = norm.shift;
  for (int64_t row = 0; row < rows; row++) {
    const float *line = x + row * channels, *from = gradient + row * channels;
    float *to = result + row * channels;
    EACH_CHANNEL {
      const float passes = line[c] * scale[c] + shift[c] > 0 ? from[c] : 0;
      to[c] = scale[c] * passes + slope[c] * line[c] + offset[c];
    }
  }
}

/// The rectified larger of each two rows.
template <int64_t fixed>
static void pooled(const float *__restrict x, int64_t pairs, int64_t channels, const Norm &norm, float *__restrict y) {
  if (fixed) channels = fixed;
  const float *__restrict scale = norm.scale, *__restrict shift = norm.shift;
  for (int64_t pair = 0; pair < pairs; pair++) {
    const float *x0 = x + 2 * pair * channels, *x1 = x0 + channels;
    float *out = y + pair * channels;
    EACH_CHANNEL {
      // Of a NaN and a number the NaN is taken, as in pooling.
      const float first = x0[c] * scale[c] + shift[c], second = x1[c] * scale[c] + shift[c];
      const float larger = first < second || second != second ? second : first;
      out[c] = larger < 0 ? 0 : larger;
    }
  }
}

/// The rectified sum of the larger of each two rows of `a` and of each two of `b`.
template <int64_t fixed>
static void joined(
    const float *__restrict a, const float *__restrict b, int64_t pairs, int64_t channels, const Norm &ofA,
    const Norm &ofB, float *__restrict y) {
  if (fixed) channels = fixed;
  const float *__restrict scaleA = ofA.scale, *__restrict shiftA = ofA.shift;
  const float *__restrict scaleB = ofB.scale, *__restrict shiftB = ofB.shift;
  for (int64_t pair = 0; pair < pairs; pair++) {
    const float *a0 = a + 2 * pair * channels, *a1 = a0 + channels;
    const float *b0 = b + 2 * pair * channels, *b1 = b0 + channels;
    float *out = y + pair * channels;
    EACH_CHANNEL {
      // Of a NaN and a number the NaN is taken, as in pooling.
      const float firstA = a0[c] * scaleA[c] + shiftA[c], secondA = a1[c] * scaleA[c] + shiftA[c];
      const float firstB = b0[c] * scaleB[c] + shiftB[c], secondB = b1[c] * scaleB[c] + shiftB[c];
      const float value = (firstA < secondA || secondA != secondA ? secondA : firstA) +
                          (firstB < secondB || secondB != secondB ? secondB : firstB);
      out[c] = value < 0 ? 0 : value;
    }
  }
}

/// As ``rectified_sums``, of the larger of each two rows.
template <int64_t fixed>
static void joined_sums(
    const float *__restrict x, const float *__restrict y, const float *__restrict gradient, int64_t pairs,
    int64_t channels, const Norm &norm, double *ones, double *distances, float *room) {
  if (fixed) channels = fixed;
  for (int64_t c = 0; c < channels; c++) ones[c] = distances[c] = 0;
  float *__restrict one = room, *__restrict distance = room + channels;
  const float *__restrict scale = norm.scale, *__restrict shift = norm.shift, *__restrict mean = norm.mean;
  for (int64_t start = 0; start < pairs; start += block) {
    const int64_t end = std::min(pairs, start + block);
    for (int64_t c = 0; c < channels; c++) one[c] = distance[c] = 0;
    for (int64_t pair = start; pair < end; pair++) {
      const float *x0 = x + 2 * pair * channels, *x1 = x0 + channels;
      const float *value = y + pair * channels, *from = gradient + pair * channels;
      EACH_CHANNEL {
        const float passes = value[c] > 0 ? from[c] : 0;
        const float larger =
            x0[c] * scale[c] + shift[c] < x1[c] * scale[c] + shift[c] ? x1[c] : x0[c];
        one[c] += passes;
        distance[c] += passes * (larger - mean[c]);
      }
    }
    for (int64_t c = 0; c < channels; c++) ones[c] += one[c], distances[c] += distance[c];
  }
}

template <int64_t fixed>
static void joined_gradient(
    const float *__restrict x, const float *__restrict y, const float *__restrict gradient, int64_t pairs,
    int64_t channels, const Norm &norm, const float *__restrict slope, const float *__restrict offset,
    float *__restrict result) {
  if (fixed) channels = fixed;
  const float *__restrict scale = norm.scale, *__restrict shift = norm.shift;
  for (int64_t pair = 0; pair < pairs; pair++) {
    const float *x0 = x + 2 * pair * channels, *x1 = x0 + channels;
    const float *value = y + pair * channels, *from = gradient + pair * channels;
    float *to0 = result + 2 * pair * channels, *to1 = to0 + channels;
    EACH_CHANNEL {
      const float passes = value[c] > 0 ? from[c] * scale[c] : 0;
      const bool second = x0[c] * scale[c] + shift[c] < x1[c] * scale[c] + shift[c];
      to0[c] = (second ? 0 : passes) + slope[c] * x0[c] + offset[c];
      to1[c] = (second ? passes : 0) + slope[c] * x1[c] + offset[c];
    }
  }
}

template <int64_t fixed>
static constexpr Loops table = {
    moments<fixed>, rectified<fixed>, rectified_sums<fixed>, rectified_gradient<fixed>,
    pooled<fixed>,  joined<fixed>,    joined_sums<fixed>,    joined_gradient<fixed>};

static const Loops &loops(int64_t channels) {
  switch (channels) {
    case 8: return table<8>;
    case 16: return table<16>;
    case 32: return table<32>;
    case 64: return table<64>;
    default: return table<0>;
  }
}
