import CPCRE2

/// A compiled regular expression in Perl's syntax, of PCRE2. Finding a match takes a bounded number of steps, whatever the pattern.
final class RegularExpression: Sendable {
  /// Why a pattern is none, or could not be followed to its end.
  struct Failure: Error {
    let reason: String
  }

  private static let mostSteps: UInt32 = 1_000_000
  private static let mostHeapKilobytes: UInt32 = 20_000

  /// Not changed once it is made.
  private nonisolated(unsafe) let code: OpaquePointer
  private nonisolated(unsafe) let limits: OpaquePointer?
  /// The groups that have names, by their numbers; several may share one.
  let groups: [(name: String, number: Int)]

  /// - Throws: ``Failure`` with what is wrong and at which character.
  init(_ pattern: String, ignoringCase: Bool = false) throws {
    var number: Int32 = 0
    var offset = 0
    let options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DUPNAMES | (ignoringCase ? PCRE2_CASELESS : 0)
    let compiled = Array(pattern.utf8).withUnsafeBufferPointer {
      pcre2_compile_8($0.baseAddress, $0.count, options, &number, &offset, nil)
    }
    guard let compiled else {
      throw Failure(reason: "\(Self.message(number)), at character \(pattern.utf8.prefix(offset).count + 1)")
    }
    code = compiled
    limits = pcre2_match_context_create_8(nil)
    pcre2_set_match_limit_8(limits, Self.mostSteps)
    pcre2_set_heap_limit_8(limits, Self.mostHeapKilobytes)
    groups = Self.names(of: compiled)
  }

  deinit {
    pcre2_match_context_free_8(limits)
    pcre2_code_free_8(code)
  }

  /// What the whole pattern, first, and each of its groups matched; `nil` for a group that took no part.
  ///
  /// - Returns: `nil` where it matches nowhere in the text.
  /// - Throws: ``Failure`` where that could not be told within the steps that are allowed.
  func firstMatch(in text: String) throws -> [String?]? {
    let data = pcre2_match_data_create_from_pattern_8(code, nil)
    defer { pcre2_match_data_free_8(data) }
    let bytes = Array(text.utf8)
    let count = bytes.withUnsafeBufferPointer { pcre2_match_8(code, $0.baseAddress, $0.count, 0, 0, data, limits) }
    guard count != PCRE2_ERROR_NOMATCH else { return nil }
    guard count > 0, let places = pcre2_get_ovector_pointer_8(data) else {
      throw Failure(reason: Self.message(count))
    }
    return (0..<Int(pcre2_get_ovector_count_8(data))).map { group in
      let (start, end) = (places[2 * group], places[2 * group + 1])
      guard start <= end, end <= bytes.count else { return nil }
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }
  }

  private static func names(of code: OpaquePointer) -> [(name: String, number: Int)] {
    var count: UInt32 = 0
    var size: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
    pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table else { return [] }
    return (0..<Int(count)).map { index in
      let entry = table + index * Int(size)
      return (String(cString: entry + 2), Int(entry[0]) << 8 | Int(entry[1]))
    }
  }

  private static func message(_ number: Int32) -> String {
    if number == PCRE2_ERROR_MATCHLIMIT || number == PCRE2_ERROR_HEAPLIMIT || number == PCRE2_ERROR_DEPTHLIMIT {
      return "more than \(mostSteps) steps for one name"
    }
    var text = [UInt8](repeating: 0, count: 256)
    guard pcre2_get_error_message_8(number, &text, text.count) >= 0 else { return "error \(number)" }
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }
}
