import Foundation

/// Which frequencies a filter lets through.
public enum PassBand: Hashable, Sendable {
  /// Below the cut-off.
  case low(Double)
  /// Above the cut-off.
  case high(Double)
  /// Between two cut-offs.
  case band(Double, Double)
}

extension SecondOrderSections {
  /// Butterworth's maximally flat filter, as `scipy.signal.butter(order, ..., output="sos")`: the analogue
  /// prototype's poles, the band's transform, the bilinear transform with warped frequencies, poles paired with
  /// their nearest zeros.
  ///
  /// - Parameters:
  ///   - order: 1 to 20; a band pass has twice as many poles.
  ///   - passBandHz: Where the power is half, above 0 and below half of the sample rate.
  ///   - sampleRateHz: Of the signals to be filtered.
  /// - Throws: ``SignalError`` if a number is out of its range.
  public static func butterworth(
    order: Int, passBandHz: PassBand, sampleRateHz: Double
  ) throws -> SecondOrderSections {
    guard (1...20).contains(order) else {
      throw SignalError.setting(name: "a filter order of", found: "\(order)", expected: "1 to 20")
    }
    func warped(_ frequency: Double) throws -> Double {
      guard frequency > 0, frequency < sampleRateHz / 2 else {
        throw SignalError.setting(
          name: "a cut-off of", found: "\(frequency) Hz",
          expected: "above 0 and below half of the sample rate, \(sampleRateHz / 2) Hz")
      }
      return 4 * tan(.pi * frequency / sampleRateHz)
    }
    let prototype = stride(from: 1 - order, to: order, by: 2).map { m in
      let angle = Double.pi * Double(m) / Double(2 * order)
      return Complex(-cos(angle), -sin(angle))
    }
    var poles: [Complex]
    var zerosAtOrigin = 0
    var gain: Double
    switch passBandHz {
    case .low(let cutoff):
      let edge = try warped(cutoff)
      poles = prototype.map { edge * $0 }
      gain = pow(edge, Double(order))
    case .high(let cutoff):
      let edge = try warped(cutoff)
      poles = prototype.map { Complex(edge) / $0 }
      zerosAtOrigin = order
      gain = 1
    case .band(let low, let high):
      guard low < high else {
        throw SignalError.setting(name: "a band of", found: "\(low) to \(high) Hz", expected: "its lower end first")
      }
      let (lower, upper) = (try warped(low), try warped(high))
      let scaled = prototype.map { (upper - lower) / 2 * $0 }
      let roots = scaled.map { ($0 * $0 - Complex(lower * upper)).squareRoot() }
      poles = zip(scaled, roots).map { $0 + $1 } + zip(scaled, roots).map { $0 - $1 }
      zerosAtOrigin = order
      gain = pow(upper - lower, Double(order))
    }
    let denominator = poles.reduce(Complex(1)) { $0 * (Complex(4) - $1) }
    gain *= (Complex(pow(4, Double(zerosAtOrigin))) / denominator).real
    let zeros =
      [Double](repeating: 1, count: zerosAtOrigin)
      + [Double](repeating: -1, count: poles.count - zerosAtOrigin)
    return SecondOrderSections(
      poles: poles.map { (Complex(4) + $0) / (Complex(4) - $0) }, zeros: zeros, gain: gain)
  }

  /// Sections from poles in conjugate pairs and as many real zeros. The poles closest to the unit circle come last,
  /// each pair with the zeros nearest to it; the gain goes to the first section.
  private init(poles: [Complex], zeros: [Double], gain: Double) {
    var complexPoles = poles.filter { $0.imaginary > 1e-14 * $0.magnitude }
      .sorted { ($0.real, $0.imaginary) < ($1.real, $1.imaginary) }
    var realPoles = poles.filter { abs($0.imaginary) <= 1e-14 * $0.magnitude }.map(\.real).sorted()
    var zeros = zeros.sorted()
    if poles.count % 2 == 1 {
      realPoles.append(0)
      zeros.append(0)
    }
    func worst(_ candidates: [Double]) -> Int? {
      candidates.indices.min { abs(1 - candidates[$0]) < abs(1 - candidates[$1]) }
    }
    func takeZero(nearest pole: Complex) -> Double {
      guard
        let index = zeros.indices.min(by: {
          (Complex(zeros[$0]) - pole).magnitude < (Complex(zeros[$1]) - pole).magnitude
        })
      else { return 0 }
      return zeros.remove(at: index)
    }
    var sections: [Section] = []
    while !complexPoles.isEmpty || !realPoles.isEmpty {
      let complexIndex = worst(complexPoles.map(\.magnitude))
      let realIndex = worst(realPoles.map(abs))
      let pole: Complex
      let (a1, a2): (Double, Double)
      if let complexIndex,
        realIndex.map({ abs(1 - complexPoles[complexIndex].magnitude) <= abs(1 - abs(realPoles[$0])) }) ?? true
      {
        pole = complexPoles.remove(at: complexIndex)
        (a1, a2) = (-2 * pole.real, pole.real * pole.real + pole.imaginary * pole.imaginary)
      } else {
        let first = realPoles.remove(at: realIndex ?? 0)
        let second = worst(realPoles.map(abs)).map { realPoles.remove(at: $0) } ?? 0
        pole = Complex(first)
        (a1, a2) = (-(first + second), first * second)
      }
      let (z1, z2) = (takeZero(nearest: pole), takeZero(nearest: pole))
      sections.insert(Section(b0: 1, b1: -(z1 + z2), b2: z1 * z2, a1: a1, a2: a2), at: 0)
    }
    sections[0].b0 *= gain
    sections[0].b1 *= gain
    sections[0].b2 *= gain
    self.init(sections)
  }
}

/// A complex number, as much of it as filter design needs.
private struct Complex {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double = 0) { (self.real, self.imaginary) = (real, imaginary) }

  var magnitude: Double { hypot(real, imaginary) }

  func squareRoot() -> Complex {
    let size = magnitude
    let root = Complex(((size + abs(real)) / 2).squareRoot(), 0)
    guard root.real > 0 else { return root }
    let other = abs(imaginary) / (2 * root.real)
    let sign: Double = imaginary < 0 ? -1 : 1
    return real >= 0 ? Complex(root.real, sign * other) : Complex(other, sign * root.real)
  }

  static func + (l: Complex, r: Complex) -> Complex { Complex(l.real + r.real, l.imaginary + r.imaginary) }
  static func - (l: Complex, r: Complex) -> Complex { Complex(l.real - r.real, l.imaginary - r.imaginary) }
  static func * (l: Double, r: Complex) -> Complex { Complex(l * r.real, l * r.imaginary) }
  static func * (l: Complex, r: Complex) -> Complex {
    Complex(l.real * r.real - l.imaginary * r.imaginary, l.real * r.imaginary + l.imaginary * r.real)
  }
  static func / (l: Complex, r: Complex) -> Complex {
    let size = r.real * r.real + r.imaginary * r.imaginary
    return (1 / size) * (l * Complex(r.real, -r.imaginary))
  }
}
