import Files
import Foundation
import SleepCore

/// A file of an ActiGraph device (`.gt3x`): a zip file of `info.txt` with `log.bin`, or in devices until 2012 with `activity.bin` and `lux.bin`.
///
/// Acceleration is in g. In idle sleep mode the device stores nothing while it lies still, which other programs fill with the last sample or
/// with zeros: here it is missing. A Link with its unit of motion sensors on has a second acceleration, rotation, the magnetic field and a
/// temperature beside it, see ``ActiGraphMotion``. What the device's own sensor of skin says of a device on the wrist makes acceleration missing as well. Its
/// clock is the local time of the computer that set it up; where the file says that it is UTC, the offset that it gives is added.
struct ActiGraphFile: SignalFile {
  let url: URL
  let channels: [StoredChannel]
  let start: LocalTime?
  let warnings: [String]
  private let content: Content
  private let stepsPerG: Double
  private let clock: BlockClock
  /// Where the device has a unit of motion sensors and it was on.
  private let motion: ActiGraphMotion?

  private enum Content {
    case log([UInt8], [ActiGraphLog.Activity], values: [[ActiGraphLog.Value]], first: UInt32, notWorn: [Range<Double>])
    case old([UInt8], lux: [Float])
  }

  private static let kind = "a .gt3x file of an ActiGraph device"
  private static let mostInfoBytes = 1 << 20

  /// - Throws: ``ReadError`` when it is no such file, or a damaged one.
  init(_ url: URL) throws {
    let archive: ZipArchive
    do { archive = try ZipArchive(url) } catch { throw ReadError(url, found: error.found, expected: Self.kind) }
    func bytes(_ name: String, atMost limit: Int = InputFile.mostExpanded) throws(ReadError) -> [UInt8]? {
      guard let member = archive.members.first(where: { $0.name == name }) else { return nil }
      do { return try archive.bytes(of: member, atMost: limit) } catch {
        throw ReadError(url, found: error.found, expected: Self.kind)
      }
    }
    guard let text = try bytes("info.txt", atMost: Self.mostInfoBytes) else {
      throw ReadError(url, found: "a zip file without info.txt", expected: Self.kind)
    }
    let info = try ActiGraphInfo(String(decoding: text, as: UTF8.self), url)
    if let calibration = try bytes("calibration.json", atMost: Self.mostInfoBytes) {
      let facts = try? JSONDecoder().decode(Calibration.self, from: Data(calibration))
      guard facts?.isCalibrated ?? true else {
        throw ReadError(
          url, found: "samples that are not calibrated",
          expected: "calibrated ones: export it again with ActiLife or CentrePoint")
      }
    }
    if let log = try bytes("log.bin") {
      try self.init(url, info, log: log)
    } else if let activity = try bytes("activity.bin") {
      try self.init(url, info, activity: activity, lux: try bytes("lux.bin") ?? [])
    } else {
      throw ReadError(url, found: "a zip file without log.bin and activity.bin", expected: Self.kind)
    }
  }

  private struct Calibration: Decodable { let isCalibrated: Bool? }

  private init(_ url: URL, _ info: ActiGraphInfo, log bytes: [UInt8]) throws {
    let name = url.lastPathComponent
    let log = try ActiGraphLog(bytes, mostSamples: Int(info.sampleRateHz), url)
    guard let first = log.activity.first else {
      throw ReadError(url, found: "a log.bin without acceleration", expected: "records of activity")
    }
    func seconds(_ second: UInt32) -> Double { Double(second) - Double(first.second) }
    let clock = try BlockClock(
      log.activity.map { .init(startSeconds: seconds($0.second), count: Int($0.count)) },
      sampleRateHz: info.sampleRateHz, url: url)
    var warnings = clock.warnings(name)
    if log.idleSleeps > 0 {
      warnings.append(
        "\(name): idle sleep mode, in which nothing is stored, was entered \(log.idleSleeps == 1 ? "once" : "\(log.idleSleeps) times")"
      )
    }
    if log.damaged > 0 {
      warnings.append("\(name): damaged in \(log.damaged == 1 ? "1 place" : "\(log.damaged) places"), left out")
    }
    if log.rest > 0 { warnings.append("\(name): its last \(log.rest) bytes are no whole record; left out") }
    let motion = try ActiGraphMotion(log, first: first.second, untold: &warnings, url)
    warnings += motion?.warnings ?? []
    self.motion = motion
    let scale = Self.scale(info, log.stepsPerG, name)
    stepsPerG = scale.stepsPerG
    warnings += scale.warnings
    let worn = Self.increasing(log.worn)
    let contact = SkinContact(
      worn.map { (seconds($0.second), $0.value == 1) }, limb: info.limb, end: clock.seconds, name: name)
    contact.warning.map { warnings.append($0) }
    var local = Double(first.second)
    if log.isUTC {
      if let offset = log.secondsFromUTC { local += offset }
      warnings.append(
        log.secondsFromUTC.map { "\(name): its clock is UTC: \(plain($0 / 3600)) h are added, as it says" }
          ?? "\(name): its clock is UTC, and it does not say where it was worn")
    }
    let kept = clock.kept.map { log.activity[$0] }
    let values = [Self.increasing(log.light), Self.increasing(log.battery), worn]
    content = .log(bytes, kept, values: values, first: first.second, notWorn: contact.notWorn)
    channels = Self.axes(info, scale.stepsPerG) + Self.others(values) + (motion?.channels ?? [])
    (self.url, self.clock) = (url, clock)
    start = LocalTime(day: 0, secondOfDay: local)
    var gravity = Gravity()
    for record in kept {
      let steps = (0..<3).map { Double(Self.steps($0, of: record, 0, bytes)) / scale.stepsPerG }
      gravity.add(steps[0], steps[1], steps[2])
    }
    gravity.warning(name).map { warnings.append($0) }
    self.warnings = warnings
  }

  private init(_ url: URL, _ info: ActiGraphInfo, activity: [UInt8], lux: [UInt8]) throws {
    let name = url.lastPathComponent
    let stored = activity.count * 2 / 9
    let count = Self.written(activity, stored)
    guard count > 0 else {
      throw ReadError(
        url, found: stored == 0 ? "an activity.bin of \(activity.count) bytes" : "an activity.bin of zeros alone",
        expected: "at least one sample")
    }
    clock = try BlockClock([.init(startSeconds: 0, count: count)], sampleRateHz: info.sampleRateHz, url: url)
    self.url = url
    motion = nil
    stepsPerG = 341
    start = info.startSeconds.map { LocalTime(day: 0, secondOfDay: $0) }
    content = .old(activity, lux: Self.lux(lux, serial: info.serial))
    channels =
      Self.axes(info, 341) + (lux.count < 2 ? [] : [StoredChannel(label: "Light", unit: "lux", sampleRateHz: 1)])
    var gravity = Gravity()
    for sample in stride(from: 0, to: count, by: max(1, Int(info.sampleRateHz))) {
      let steps = (0..<3).map { Double(PackedTwelve.number(3 * sample + $0, of: activity, at: 0)) / 341 }
      gravity.add(steps[0], steps[1], steps[2])
    }
    let empty = Double(stored - count) / info.sampleRateHz
    warnings =
      (empty > 1
        ? ["\(name): its last \(BlockClock.duration(empty)) are zeros, without gravity: nothing was recorded; left out"]
        : [])
      + (start == nil ? ["\(name): its info.txt gives no start: the clock is not known"] : [])
      + (gravity.warning(name).map { [$0] } ?? [])
  }

  /// The samples up to the last that is not zero: what a device has not written is zeros, and no device measures them on every axis for long.
  private static func written(_ bytes: [UInt8], _ stored: Int) -> Int {
    guard let last = bytes.lastIndex(where: { $0 != 0 }) else { return 0 }
    return min(stored, ((last + 1) * 2 + 8) / 9)
  }

  var seconds: Double { clock.seconds }

  private static func scale(
    _ info: ActiGraphInfo, _ logged: Double?, _ name: String
  ) -> (stepsPerG: Double, warnings: [String]) {
    if let scale = info.stepsPerG ?? logged ?? info.stepsPerGBySerial { return (scale, []) }
    return (341, ["\(name): says no scale of its acceleration: 341 steps are taken for 1 g"])
  }

  private static func axes(_ info: ActiGraphInfo, _ stepsPerG: Double) -> [StoredChannel] {
    let range = (info.rangeG ?? 2046 / stepsPerG) * 0.998
    return ["X", "Y", "Z"].map {
      StoredChannel(label: "Accelerometer \($0)", unit: "g", sampleRateHz: info.sampleRateHz, limits: -range...range)
    }
  }

  private static let kinds = [("Light", "lux"), ("Battery", "V"), ("Worn", "")]

  private static func others(_ values: [[ActiGraphLog.Value]]) -> [StoredChannel] {
    zip(kinds, values).compactMap { kind, values in
      values.isEmpty ? nil : StoredChannel(label: kind.0, unit: kind.1, sampleRateHz: nil)
    }
  }

  /// The values whose time is later than that of all before them.
  private static func increasing(_ values: [ActiGraphLog.Value]) -> [ActiGraphLog.Value] {
    var last: UInt32?
    return values.filter { value in
      guard last.map({ value.second > $0 }) ?? true else { return false }
      last = value.second
      return true
    }
  }

  /// Below 20 the sensor tells nothing from darkness. The case of the two devices lets different shares of light through.
  private static func lux(_ bytes: [UInt8], serial: String) -> [Float] {
    let (factor, most): (Float, Float) = serial.hasPrefix("MRA") ? (3.25, 6000) : (1.25, 2500)
    return (0..<bytes.count / 2).map { index in
      let value = bytes.integer(UInt16.self, at: 2 * index)
      if value == .max { return .nan }
      return value < 20 ? 0 : min(Float(value) * factor, most).rounded()
    }
  }

  /// One axis of a record's sample, in steps.
  private static func steps(_ axis: Int, of record: ActiGraphLog.Activity, _ sample: Int, _ bytes: [UInt8]) -> Int {
    switch record.packing {
    case .wide: Int(bytes.integer(Int16.self, at: record.offset + 6 * sample + 2 * axis))
    case .xyz: PackedTwelve.number(3 * sample + axis, of: bytes, at: record.offset)
    case .yxz: PackedTwelve.number(3 * sample + swapped(axis), of: bytes, at: record.offset)
    }
  }

  /// The place of an axis in the order y, x, z.
  private static func swapped(_ axis: Int) -> Int { axis < 2 ? 1 - axis : 2 }

  func stretches(ofChannel index: Int, times factor: Double) throws -> [StoredStretch] {
    switch content {
    case .old(let bytes, let lux):
      guard index < 3 else {
        return [
          StoredStretch(
            timing: .regular(startSeconds: 0, sampleRateHz: 1), samples: lux.map { $0 * Float(factor) })
        ]
      }
      try RawFile.expectRoom(for: clock.blocks[0].count, url)
      let scale = factor / stepsPerG
      return [
        StoredStretch(
          timing: .regular(startSeconds: 0, sampleRateHz: clock.sampleRateHz),
          samples: (0..<clock.blocks[0].count).map {
            Float(Double(PackedTwelve.number(3 * $0 + Self.swapped(index), of: bytes, at: 0)) * scale)
          })
      ]
    case .log(let bytes, let records, let values, let first, let notWorn):
      guard index < 3 else {
        let others = values.filter { !$0.isEmpty }
        guard index < 3 + others.count else {
          return try motion?.stretches(
            ofChannel: index - 3 - others.count, times: factor, of: bytes, notWorn: notWorn) ?? []
        }
        let chosen = others[index - 3]
        return [
          StoredStretch(
            timing: .irregular(seconds: chosen.map { Double($0.second) - Double(first) }),
            samples: chosen.map { $0.value * Float(factor) })
        ]
      }
      let scale = factor / stepsPerG
      return try clock.stretches.map { stretch in
        var samples = try clock.samples(of: stretch, url: url) { block, samples in
          let record = records[block]
          for sample in 0..<Int(record.count) {
            samples.append(Float(Double(Self.steps(index, of: record, sample, bytes)) * scale))
          }
        }
        clock.remove(notWorn, from: &samples, of: stretch)
        return StoredStretch(
          timing: .regular(startSeconds: stretch.startSeconds, sampleRateHz: clock.sampleRateHz), samples: samples)
      }
    }
  }
}
