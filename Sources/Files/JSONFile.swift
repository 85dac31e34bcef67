public import Foundation

/// A file of JSON that the program wrote itself, and that someone may have damaged since.
public struct JSONFile: Sendable {
  public let url: URL

  public init(_ url: URL) { self.url = url }

  /// Reads a value.
  ///
  /// - Parameter expected: What the file should be, for the words of an error: `the report.json that 'ssrm compare' writes`.
  /// - Throws: ``JSONFileError``, with the path, and the place in the file where that is known.
  public func read<Value: Decodable>(_ type: Value.Type, expected: String) throws -> Value {
    let bytes: [UInt8]
    do { bytes = try InputFile(url).bytes() } catch {
      throw JSONFileError(path: url.path, found: error.found, expected: expected)
    }
    do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch let error as DecodingError {
      throw JSONFileError(path: url.path, found: error.words, expected: expected)
    }
  }
}

/// A file of the program's own that does not say what it should.
public struct JSONFileError: Error, Equatable, LocalizedError {
  public let path: String
  public let found: String
  public let expected: String

  public init(path: String, found: String, expected: String) {
    (self.path, self.found, self.expected) = (path, found, expected)
  }

  public var errorDescription: String? { "\(path): found \(found), expected \(expected)" }
}

extension DecodingError {
  /// What is wrong, without the decoder's own jargon.
  public var words: String {
    func place(_ context: Context, _ key: (any CodingKey)? = nil) -> String {
      (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
    }
    return switch self {
    case .keyNotFound(let key, let context): "no '\(place(context, key))'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "another kind of value" + (context.codingPath.isEmpty ? "" : " at '\(place(context))'")
    case .dataCorrupted(let context):
      context.codingPath.isEmpty ? "text that is no JSON" : "an unknown value at '\(place(context))'"
    @unknown default: "something else"
    }
  }
}
