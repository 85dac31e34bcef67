// Random numbers, a vector at a time; included once an instruction set, which is why nothing guards it.

/// Streams of numbers beside each other.
static constexpr int lanes = 8;

/// xoshiro128++ of Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators" (2021), begun by SplitMix64.
struct Streams {
  uint32_t state[4][lanes];

  Streams(uint64_t seed, uint64_t part) {
    uint64_t x = seed + part * 0xd1342543de82ef95;
    for (auto &row : state)
      for (uint32_t &word : row) {
        uint64_t z = x += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        word = (uint32_t)((z ^ (z >> 31)) >> 32);
      }
  }

  static uint32_t turned(uint32_t x, int by) { return (x << by) | (x >> (32 - by)); }

  void next(uint32_t *out) {
    for (int i = 0; i < lanes; i++) {
      uint32_t *s = &state[0][i];
      out[i] = turned(s[0] + s[3 * lanes], 7) + s[0];
      const uint32_t t = s[lanes] << 9;
      s[2 * lanes] ^= s[0];
      s[3 * lanes] ^= s[lanes];
      s[lanes] ^= s[2 * lanes];
      s[0] ^= s[3 * lanes];
      s[2 * lanes] ^= t;
      s[3 * lanes] = turned(s[3 * lanes], 11);
    }
  }
};

/// The logarithm of a positive number: that of its power of two, and a series in `(m - 1) / (m + 1)` for what is left.
static float logarithm(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  // `m` is in sqrt(1 / 2)..<sqrt(2).
  const int32_t power = (int32_t)(bits - 0x3f3504f3) >> 23;
  bits -= (uint32_t)power << 23;
  float m;
  std::memcpy(&m, &bits, sizeof m);
  const float s = (m - 1) / (m + 1), q = s * s;
  return (float)power * 0.69314718f + 2 * s * (1 + q * (1 / 3.f + q * (1 / 5.f + q * (1 / 7.f + q / 9.f))));
}

/// Numbers in 0..<1.
static void uniform(uint64_t seed, uint64_t part, float *out, int64_t count) {
  Streams streams(seed, part);
  uint32_t u[lanes];
  float numbers[lanes];
  for (int64_t start = 0; start < count; start += lanes) {
    streams.next(u);
    for (int i = 0; i < lanes; i++) numbers[i] = (float)(int32_t)(u[i] >> 8) * 0x1p-24f;
    std::memcpy(out + start, numbers, sizeof(float) * (size_t)std::min<int64_t>(lanes, count - start));
  }
}

/// Deviates of mean 0 and deviation 1, by Box and Muller (1958).
///
/// An angle is one of an eighth of a turn to either side of the axis, whose sine and cosine are series of a few terms, and of it or its
/// reflections at the axes and at the diagonal.
static void normal(uint64_t seed, uint64_t part, float *out, int64_t count) {
  Streams streams(seed, part);
  uint32_t u[lanes], v[lanes];
  float pair[2 * lanes];
  for (int64_t start = 0; start < count; start += 2 * lanes) {
    streams.next(u);
    streams.next(v);
    for (int i = 0; i < lanes; i++) {
      const float radius = std::sqrt(-2 * logarithm(((float)(int32_t)(u[i] >> 8) + 0.5f) * 0x1p-24f));
      const float x = (float)((int32_t)(v[i] << 3) >> 3) * (float)(M_PI_4 / 0x1p28), q = x * x;
      const float sine = x * (1 - q / 6 * (1 - q / 20 * (1 - q / 42)));
      const float cosine = 1 - q / 2 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56)));
      const bool isSwapped = v[i] >> 31;
      const float side = v[i] & 0x40000000 ? -radius : radius;
      pair[i] = side * (isSwapped ? sine : cosine);
      pair[lanes + i] = side * (isSwapped ? cosine : sine);
    }
    std::memcpy(out + start, pair, sizeof(float) * (size_t)std::min<int64_t>(2 * lanes, count - start));
  }
}
