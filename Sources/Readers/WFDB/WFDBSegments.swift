import Foundation

/// The segments of a record in order of time, and which of their signals are the record's.
struct WFDBSegments: Sendable {
  /// A segment in its place.
  fileprivate struct Part: Sendable {
    let frames: Range<Int>
    let segment: WFDBSegment
    /// For each signal of the record, the segment's own; `nil` where it lacks it.
    let columns: [Int?]
  }

  /// Frames of the record without a long gap in one signal.
  struct Run: Sendable {
    let frames: Range<Int>
    fileprivate let parts: [Part]
  }

  let signals: [WFDBHeader.Signal]
  let frameCount: Int
  private let parts: [Part]
  private var odd: [String] = []

  /// A record of one.
  init(_ segment: WFDBSegment) {
    signals = segment.header.signals
    frameCount = segment.frameCount
    parts = [
      Part(frames: 0..<segment.frameCount, segment: segment, columns: segment.header.signals.indices.map { $0 })
    ]
  }

  /// The segments that a record's header names; each has a header of its own beside it.
  ///
  /// - Throws: ``ReadError`` when a segment is missing or damaged, has segments itself, or does not fit the record.
  init(of header: WFDBHeader, _ url: URL) throws {
    let name = url.lastPathComponent
    func open(_ segment: WFDBHeader.Segment) throws -> (url: URL, header: WFDBHeader) {
      let part = url.deletingLastPathComponent().appendingPathComponent(segment.name + ".hea")
      let own = try WFDBHeader(part)
      guard own.segments.isEmpty else {
        throw ReadError(part, found: "a record of several segments", expected: "one segment of '\(name)'")
      }
      guard abs(own.frameRateHz - header.frameRateHz) <= 1e-6 * header.frameRateHz else {
        throw ReadError(
          part, found: "\(plain(own.frameRateHz)) samples a second",
          expected: "\(plain(header.frameRateHz)) by '\(name)'")
      }
      return (part, own)
    }
    var listed = header.segments[...]
    var layout: [WFDBHeader.Signal]?
    if let first = listed.first, first.frameCount == 0, !first.isGap {
      layout = try open(listed.removeFirst()).header.signals
    }
    let isVariable = layout != nil
    var parts: [Part] = []
    var (at, extra) = (0, 0)
    for segment in listed {
      let (end, isOverflow) = at.addingReportingOverflow(segment.frameCount)
      guard !isOverflow, Double(end) / header.frameRateHz <= RecordingLimits.farthestSeconds else {
        throw ReadError(
          url, found: "the segment '\(segment.name)' of \(segment.frameCount) samples a signal",
          expected: "at most 30 years together")
      }
      let frames = at..<end
      at = end
      guard !segment.isGap, !frames.isEmpty else { continue }
      let (part, own) = try open(segment)
      let read = try WFDBSegment(part, own)
      guard read.frameCount == frames.count else {
        throw ReadError(
          part, found: "\(read.frameCount) samples a signal", expected: "\(frames.count) by '\(name)'")
      }
      let wanted = layout ?? own.signals
      layout = wanted
      let columns = isVariable ? Self.columns(wanted, own.signals) : wanted.indices.map { $0 }
      if !isVariable, own.signals.map(\.name) != wanted.map(\.name) {
        throw ReadError(
          part, found: "the signals \(listedNames(own.signals))",
          expected: "\(listedNames(wanted)), as in the first segment of '\(name)'")
      }
      extra += own.signals.count - columns.count { $0 != nil }
      for (signal, column) in zip(wanted, columns) {
        guard let column, own.signals[column].samplesPerFrame != signal.samplesPerFrame else { continue }
        throw ReadError(
          part, found: "\(own.signals[column].samplesPerFrame) samples a frame of '\(signal.name)'",
          expected: "\(signal.samplesPerFrame), as in the first segment of '\(name)'")
      }
      parts.append(Part(frames: frames, segment: read, columns: columns))
    }
    var signals = layout ?? []
    guard signals.count == header.signalCount || parts.isEmpty else {
      throw ReadError(url, found: "\(header.signalCount) signals", expected: "\(signals.count), as in its segments")
    }
    // The layout knows nothing of units that a segment does not say better.
    for index in signals.indices {
      let described = parts.compactMap { part in
        part.columns[index].map { (part.segment, part.segment.header.signals[$0]) }
      }
      guard let first = described.first else { continue }
      if let other = described.first(where: { $0.1.unit.lowercased() != first.1.unit.lowercased() }) {
        throw ReadError(
          other.0.url, found: "the unit '\(other.1.unit)' of '\(other.1.name)'",
          expected: "'\(first.1.unit)', as in '\(first.0.url.lastPathComponent)'")
      }
      signals[index] = first.1
    }
    self.signals = signals
    self.parts = parts
    frameCount = at
    if let told = header.frameCount, told != at {
      odd.append("\(name): its segments have \(at) samples a signal together, not \(told): theirs are read")
    }
    if extra > 0 {
      odd.append("\(name): \(extra) signals of its segments are not among those of the record and left out")
    }
  }

  /// The signals of a segment that have the names of the record's; the second of a name is the second.
  private static func columns(_ wanted: [WFDBHeader.Signal], _ own: [WFDBHeader.Signal]) -> [Int?] {
    var places = Dictionary(grouping: own.indices, by: { own[$0].name }).mapValues { $0[...] }
    return wanted.map { places[$0.name]?.popFirst() }
  }

  /// What to tell of gaps, and of signals that are nowhere.
  func warnings(_ name: String, frameRateHz: Double) -> [String] {
    var warnings = odd
    let stored = parts.reduce(0) { $0 + $1.frames.count }
    if stored < frameCount {
      let seconds = (Double(frameCount - stored) / frameRateHz * 1000).rounded() / 1000
      warnings.append("\(name): nothing was measured for \(plain(seconds)) s of it, between its segments")
    }
    let empty = signals.indices.filter { index in !parts.contains { $0.holds(index) } }
    if !empty.isEmpty {
      warnings.append("\(name): no samples of \(listedNames(empty.map { signals[$0] })) are stored")
    }
    return warnings
  }

  /// Where a signal is stored, so that what is missing within a run takes no more room than what is there.
  func runs(of index: Int, frameRateHz: Double) -> [Run] {
    let held = parts.filter { $0.holds(index) }
    return StretchCut.stretches(held.map(\.frames), ticksPerSecond: frameRateHz).map { range in
      let parts = Array(held[range])
      return Run(frames: parts[0].frames.lowerBound..<parts[parts.count - 1].frames.upperBound, parts: parts)
    }
  }

  /// - Throws: ``ReadError`` where a file is damaged or has become shorter.
  func samples(ofSignal index: Int, in run: Run, times factor: Double) throws -> [Float] {
    let perFrame = signals[index].samplesPerFrame
    let count = run.frames.count * perFrame
    if let first = run.parts.first { try RawFile.expectRoom(for: count, first.segment.url) }
    return try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      var filled = 0
      for part in run.parts {
        guard let column = part.columns[index] else { continue }
        let start = (part.frames.lowerBound - run.frames.lowerBound) * perFrame
        let end = start + part.frames.count * perFrame
        buffer[filled..<start].initialize(repeating: .nan)
        try part.segment.read(column, into: UnsafeMutableBufferPointer(rebasing: buffer[start..<end]), times: factor)
        filled = end
      }
      initialized = count
    }
  }
}

extension WFDBSegments.Part {
  fileprivate func holds(_ index: Int) -> Bool { columns[index].map(segment.holds) ?? false }
}

/// `'ECG', 'Resp'` and how many more.
private func listedNames(_ signals: [WFDBHeader.Signal]) -> String {
  let names = signals.prefix(4).map { "'\(printable($0.name.utf8))'" }.joined(separator: ", ")
  return signals.count > 4 ? "\(names) and \(signals.count - 4) more" : names.isEmpty ? "none" : names
}
