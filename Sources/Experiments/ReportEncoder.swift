import Foundation

extension JSONEncoder {
  /// For reports that people read too: keys in order, as `snake_case`.
  static var report: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return encoder
  }
}
