import Foundation
import SleepCore

/// A file of a GENEActiv (`.bin`): text, a header and pages of 300 samples, each with its own time.
///
/// Follows Activinsights, "GENEActiv instructions", appendix on the file's format. Acceleration in g and light in lux are made of the stored
/// steps by the device's own calibration. Samples are put on a grid at the nominal rate, see ``BlockClock``: the rate that pages name is
/// rounded (85.7 Hz is 600/7), which makes minutes in a week, so that it is measured where enough pages follow each other. Its clock is the
/// local time of the computer that set it up.
struct GENEActivFile: SignalFile {
  let url: URL
  let channels: [StoredChannel]
  let start: LocalTime?
  let warnings: [String]
  private let file: RawFile
  private let header: GENEActivHeader
  private let pages: [Page]
  private let clock: BlockClock

  /// What a page says beside its samples.
  private struct Page {
    /// Where the samples begin in the file.
    let offset: Int
    let count: Int
    let startSeconds: Double
    let sampleRateHz: Double
    let temperature: Float
    let battery: Float
  }

  static let kind = "a file of a GENEActiv device"
  /// Hexadecimal digits a sample.
  private static let digits = 12
  /// Pages are stamped to half a second.
  private static let stampSeconds = 0.6
  private static let rates = 0.1...1000.0
  /// From so many on the rate is measured, to 0.5 s in ten minutes at worst.
  private static let pagesForRate = 100

  /// - Throws: ``ReadError`` when it is no such file, has no calibration or holds no page.
  init(_ url: URL) throws {
    let file = try RawFile(url, expected: Self.kind)
    var lines = RawLines(file)
    header = try GENEActivHeader(&lines, url)
    let read = try Self.pages(&lines)
    guard let first = read.pages.first else {
      throw ReadError(
        url, found: read.damaged == 0 ? "a header alone" : "\(read.damaged) pages, all damaged",
        expected: "pages of samples")
    }
    let found = read.pages.filter { $0.sampleRateHz == first.sampleRateHz }
    let clock = try BlockClock(
      Self.smoothed(
        found.map { .init(startSeconds: $0.startSeconds - first.startSeconds, count: $0.count) }, first.sampleRateHz),
      sampleRateHz: first.sampleRateHz, toleranceSeconds: Self.stampSeconds, url: url)
    (self.url, self.file, self.clock) = (url, file, clock)
    pages = clock.kept.map { found[$0] }
    start = LocalTime(day: 0, secondOfDay: first.startSeconds)
    let name = url.lastPathComponent
    var warnings = clock.warnings(name)
    if read.damaged > 0 {
      warnings.append(
        "\(name): \(read.damaged) of \(read.damaged + read.pages.count) pages damaged; left out")
    }
    if found.count < read.pages.count {
      warnings.append("\(name): \(read.pages.count - found.count) pages of another rate than the first; left out")
    }
    channels = Self.channels(header, rate: first.sampleRateHz)
    var gravity = Gravity()
    for page in pages.prefix(Self.pagesForGravity) {
      let bytes = try file.bytes(page.offset..<page.offset + Self.digits)
      let values = header.axes.enumerated().map { $1.g(Self.steps(bytes, at: 3 * $0)) }
      gravity.add(values[0], values[1], values[2])
    }
    gravity.warning(name).map { warnings.append($0) }
    self.warnings = warnings
  }

  private static let pagesForGravity = 10_000

  var seconds: Double { clock.seconds }

  private static func channels(_ header: GENEActivHeader, rate: Double) -> [StoredChannel] {
    let axes = zip(["X", "Y", "Z"], header.axes).map { letter, axis in
      let ends = [axis.g(-2047), axis.g(2046)]
      return StoredChannel(
        label: "Accelerometer \(letter)", unit: "g", sampleRateHz: rate,
        limits: min(ends[0], ends[1])...max(ends[0], ends[1]))
    }
    return axes + [
      StoredChannel(label: "Light", unit: "lux", sampleRateHz: rate),
      StoredChannel(label: "Button", unit: "", sampleRateHz: rate),
      StoredChannel(label: "Temperature", unit: "degC", sampleRateHz: nil),
      StoredChannel(label: "Battery", unit: "V", sampleRateHz: nil),
    ]
  }

  /// The pages that can be read, and how many cannot.
  private static func pages(_ lines: inout RawLines) throws -> (pages: [Page], damaged: Int) {
    var pages: [Page] = []
    var begun = 1
    var facts: [String: String] = [:]
    while let line = try lines.next() {
      let text = line.bytes
      if text.elementsEqual(GENEActivHeader.pageMark) {
        begun += 1
        facts = [:]
      } else if let colon = text.firstIndex(of: 0x3a) {
        guard facts.count < 20 else { continue }
        facts[String(decoding: text[..<colon], as: UTF8.self)] = GENEActivHeader.value(text[(colon + 1)...])
      } else if text.count >= digits, text.allSatisfy({ Self.digit($0) != nil }),
        let seconds = facts["Page Time"].flatMap(Self.seconds),
        let rate = facts["Measurement Frequency"].flatMap({ GENEActivHeader.number($0) }), Self.rates.contains(rate)
      {
        pages.append(
          Page(
            offset: line.offset, count: text.count / digits, startSeconds: seconds, sampleRateHz: rate,
            temperature: Float(facts["Temperature"].flatMap { GENEActivHeader.number($0) } ?? .nan),
            battery: Float(facts["Battery voltage"].flatMap { GENEActivHeader.number($0) } ?? .nan)))
        facts = [:]
      }
    }
    return (pages, max(0, begun - pages.count))
  }

  /// The pages that follow each other on a straight line from the first of them on, since their stamps are rounded and their samples are even.
  private static func smoothed(_ pages: [BlockClock.Block], _ rate: Double) -> [BlockClock.Block] {
    var result: [BlockClock.Block] = []
    result.reserveCapacity(pages.count)
    while result.count < pages.count {
      let first = result.count
      var last = first
      while last + 1 < pages.count,
        abs(pages[last + 1].startSeconds - pages[last].startSeconds - Double(pages[last].count) / rate) <= stampSeconds
      { last += 1 }
      var before: [Double] = [0]
      for page in pages[first..<last] { before.append(before[before.count - 1] + Double(page.count)) }
      var step = 1 / rate
      if before.count >= pagesForRate {
        let middle = before.reduce(0, +) / Double(before.count)
        let mean = pages[first...last].reduce(0) { $0 + $1.startSeconds } / Double(before.count)
        var (products, squares) = (0.0, 0.0)
        for (count, page) in zip(before, pages[first...last]) {
          products += (count - middle) * (page.startSeconds - mean)
          squares += (count - middle) * (count - middle)
        }
        step = products / squares
      }
      for (count, page) in zip(before, pages[first...last]) {
        result.append(.init(startSeconds: pages[first].startSeconds + count * step, count: page.count))
      }
    }
    return result
  }

  /// Since 1970, of `2013-05-30 10:12:54:500`.
  private static func seconds(_ text: String) -> Double? {
    guard let colon = text.lastIndex(of: ":"), let thousandths = Int(text[text.index(after: colon)...]),
      (0..<1000).contains(thousandths), let time = LocalTime(String(text[..<colon])), let day = time.day
    else { return nil }
    return Double(day) * 86_400 + time.secondOfDay + Double(thousandths) / 1000
  }

  @inline(__always)
  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46: Int(byte) - 0x37
    case 0x61...0x66: Int(byte) - 0x57
    default: nil
    }
  }

  /// Twelve bits of three hexadecimal digits.
  private static func bits(_ bytes: [UInt8], at offset: Int) -> Int {
    (0..<3).reduce(0) { $0 << 4 | (digit(bytes[offset + $1]) ?? 0) }
  }

  /// The same with a sign.
  private static func steps(_ bytes: [UInt8], at offset: Int) -> Int {
    let bits = bits(bytes, at: offset)
    return bits > 2047 ? bits - 4096 : bits
  }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    guard index < 5 else {
      return clock.stretches.map { stretch in
        StoredStretch(
          timing: .irregular(seconds: stretch.blocks.map { clock.blocks[$0].startSeconds }),
          samples: stretch.blocks.map { (index == 5 ? pages[$0].temperature : pages[$0].battery) * Float(factor) })
      }
    }
    let luxPerStep = header.lux / header.volts
    return try clock.stretches.map { stretch in
      let samples = try clock.samples(of: stretch, isState: index == 4, url: url) { page, samples in
        let page = pages[page]
        let bytes = try file.bytes(page.offset..<page.offset + page.count * Self.digits)
        for sample in 0..<page.count {
          let place = sample * Self.digits
          let value =
            switch index {
            case 0...2: header.axes[index].g(Self.steps(bytes, at: place + 3 * index))
            case 3: Double(Self.bits(bytes, at: place + 9) >> 2) * luxPerStep
            default: Double(Self.bits(bytes, at: place + 9) >> 1 & 1)
            }
          samples.append(Float(value * factor))
        }
      }
      return StoredStretch(
        timing: .regular(startSeconds: stretch.startSeconds, sampleRateHz: clock.sampleRateHz), samples: samples)
    }
  }
}
