public import SleepCore

/// What a recipe says of a decoder of patches.
public struct DecoderOptions: Settings {
  /// The size of its tokens; a multiple of 4.
  public var width: Int = 64
  public var layers: Int = 1
  public var heads: Int = 4

  public static let ranges = NumberRanges(
    CodingKeys.self,
    [
      .width: .whole(4...65_536),
      .layers: .whole(1...1000),
      .heads: .whole(1...1024),
    ])

  public var conflict: Misfit? {
    if width % 4 != 0 { return Misfit("width", is: "\(width)", expected: "a multiple of 4") }
    if width % heads != 0 {
      return Misfit("heads", with: ["width"], is: "\(heads)", expected: "a divisor of the width, \(width)")
    }
    return nil
  }

  public init() {}
}
