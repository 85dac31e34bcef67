import CFFTW
import Synchronization

/// One of FFTW's plans for a block of equal transforms, made once for each kind and size and kept.
///
/// FFTW's planner has global state and runs under a lock; executing a plan on other arrays is re-entrant. Plans are
/// estimated, never measured, so that the same machine computes the same bits in every run, and every block is a
/// full one, so that a transform does not depend on how many others came with it.
final class FourierPlan: @unchecked Sendable {
  enum Kind: Hashable {
    case realForward, realInverse, complexForward, complexInverse
  }

  private struct Key: Hashable {
    let kind: Kind
    let shape: [Int]
  }

  /// Transforms in one execution.
  let block: Int
  /// Floats from one transform's input to the next one's.
  let inputStride: Int
  /// Floats from one transform's output to the next one's.
  let outputStride: Int
  /// Never changed after `init`; FFTW documents executing as thread-safe.
  private let handle: OpaquePointer
  private let kind: Kind

  private static let plans = Mutex<[Key: FourierPlan]>([:])

  /// - Parameter shape: The sides of one transform, slowest first; one side or two.
  static func cached(_ kind: Kind, shape: [Int]) throws -> FourierPlan {
    let cells = shape.reduce(1) { $0 > 1 << 26 ? $0 : $0 * min($1, 1 << 27) }
    guard shape.allSatisfy({ $0 >= 1 }), cells <= 1 << 26 else {
      let sides = shape.map { "\($0)" }.joined(separator: " x ")
      throw SignalError.setting(name: "a transform of", found: sides, expected: "1 to \(1 << 26) values")
    }
    let key = Key(kind: kind, shape: shape)
    return try plans.withLock { plans in
      if let plan = plans[key] { return plan }
      guard let plan = FourierPlan(kind, shape) else {
        throw SignalError.setting(name: "a transform shape of", found: "\(shape)", expected: "one that FFTW can plan")
      }
      plans[key] = plan
      return plan
    }
  }

  private init?(_ kind: Kind, _ shape: [Int]) {
    let (real, last) = (shape.reduce(1, *), shape[shape.count - 1])
    let half = 2 * real / last * (last / 2 + 1)
    // Estimated plans of many maps are slower than one map's.
    let blockSize = shape.count > 1 ? 1 : max(1, min(32, 8192 / real))
    let input = kind == .realForward ? real : kind == .realInverse ? half : 2 * real
    let output = kind == .realForward ? half : kind == .realInverse ? real : 2 * real
    let (from, to) = (AlignedFloats(input * blockSize), AlignedFloats(output * blockSize))
    let sides = shape.map(Int32.init)
    let (rank, many) = (Int32(shape.count), Int32(blockSize))
    func complex(_ floats: AlignedFloats) -> UnsafeMutablePointer<fftwf_complex> {
      UnsafeMutableRawPointer(floats.pointer).assumingMemoryBound(to: fftwf_complex.self)
    }
    let plan =
      switch kind {
      case .realForward:
        fftwf_plan_many_dft_r2c(
          rank, sides, many, from.pointer, nil, 1, Int32(input), complex(to), nil, 1, Int32(output / 2), FFTW_ESTIMATE)
      case .realInverse:
        fftwf_plan_many_dft_c2r(
          rank, sides, many, complex(from), nil, 1, Int32(input / 2), to.pointer, nil, 1, Int32(output), FFTW_ESTIMATE)
      case .complexForward, .complexInverse:
        fftwf_plan_many_dft(
          rank, sides, many, complex(from), nil, 1, Int32(real), complex(to), nil, 1, Int32(real),
          kind == .complexForward ? FFTW_FORWARD : FFTW_BACKWARD, FFTW_ESTIMATE)
      }
    guard let plan else { return nil }
    handle = plan
    self.kind = kind
    block = blockSize
    inputStride = input
    outputStride = output
  }

  deinit { fftwf_destroy_plan(handle) }

  func makeInput() -> AlignedFloats { AlignedFloats(inputStride * block) }
  func makeOutput() -> AlignedFloats { AlignedFloats(outputStride * block) }

  /// Transforms one full block. Both come from ``makeInput()`` and ``makeOutput()``; an inverse overwrites its input.
  func execute(_ input: AlignedFloats, _ output: AlignedFloats) {
    func complex(_ floats: AlignedFloats) -> UnsafeMutablePointer<fftwf_complex> {
      UnsafeMutableRawPointer(floats.pointer).assumingMemoryBound(to: fftwf_complex.self)
    }
    switch kind {
    case .realForward: fftwf_execute_dft_r2c(handle, input.pointer, complex(output))
    case .realInverse: fftwf_execute_dft_c2r(handle, complex(input), output.pointer)
    case .complexForward, .complexInverse: fftwf_execute_dft(handle, complex(input), complex(output))
    }
  }

  /// Runs `count` transforms block by block.
  ///
  /// - Parameters:
  ///   - fill: Writes transform `index`'s input, all ``inputStride`` floats.
  ///   - take: Reads transform `index`'s output.
  @inline(__always)
  func run(
    _ count: Int, fill: (_ index: Int, _ input: UnsafeMutablePointer<Float>) -> Void,
    take: (_ index: Int, _ output: UnsafeMutablePointer<Float>) -> Void
  ) {
    let (input, output) = (makeInput(), makeOutput())
    for start in stride(from: 0, to: count, by: block) {
      let used = min(block, count - start)
      for offset in 0..<used { fill(start + offset, input.pointer + offset * inputStride) }
      execute(input, output)
      for offset in 0..<used { take(start + offset, output.pointer + offset * outputStride) }
    }
  }
}
