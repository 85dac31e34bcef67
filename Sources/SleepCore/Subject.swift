/// A person. Splits are made of subjects: two recordings with equal subjects never stand in two folds.
///
/// The identifier is unique across the experiments of one data set, so that someone who took part twice is
/// one subject.
public struct Subject: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  public let id: String

  public init(_ id: String) { self.id = id }

  public init(from decoder: any Decoder) throws {
    id = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(id)
  }

  public var description: String { id }

  public static func < (left: Subject, right: Subject) -> Bool { left.id < right.id }
}
