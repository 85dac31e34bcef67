import Foundation
import SleepCore

/// `sbjNN.edf` with eight I/Q pairs of a stepped-carrier radar at 50 Hz, and `sbjNN.edf.atr` with the stages.
///
/// Each carrier sees the chest's path through its phase, 4 pi f d / c: 4 mm of breath, a third of a millimetre of heart beat,
/// centimetres of movement, after which the body lies elsewhere.
struct SleepBRLFormat {
  private static let rateHz = 50.0
  private static let lightMillimetersPerSecond = 2.998e11

  let options: Synthesizer.Options

  init(_ options: Synthesizer.Options) { self.options = options }

  func write(to folder: URL) throws {
    let channels = (1...16).map {
      EDFWriter.Channel(label: "S\($0)", unit: "mV", samplesPerRecord: 50, physicalRange: -1000...1000)
    }
    for number in 1...options.subjects {
      let night = Night(Person(number, seed: options.seed), hours: options.hours, seed: options.seed, use: "sleepbrl")
      let name = "sbj\(number < 10 ? "0" : "")\(number).edf"
      let writer = EDFWriter(format: .edf, channels: channels, recordSeconds: 1)
      try Synthesizer.write(writer.encode(pairs(night)), to: folder.appendingPathComponent(name))
      let stages = night.stages.enumerated().map { (sample: $0 * 1500, text: Self.text(of: $1)) }
      try Synthesizer.write(
        WFDBAnnotationWriter(code: 1).encode(stages), to: folder.appendingPathComponent(name + ".atr"))
    }
  }

  private static func text(of stage: Stage) -> String {
    switch stage {
    case .wake: "W"
    case .n1: "1"
    case .n2, .nrem: "2"
    case .n3: "3"
    case .rem: "R"
    }
  }

  /// `[16][samples]` in mV.
  private func pairs(_ night: Night) -> [[Float]] {
    var random = RandomSource(seed: options.seed, for: "radar \(night.person.number)")
    let path = distance(night, &random)
    return (0..<8).flatMap { carrier in
      let hertz = 3.6e9 + 0.05e9 * Double(carrier)
      let amplitude = 220 * exp(0.2 * random.normal())
      let offset = (40 * random.normal(), 40 * random.normal())
      var inPhase = [Float](repeating: 0, count: path.count)
      var quadrature = inPhase
      for index in path.indices {
        let phase = 4 * Double.pi * hertz * path[index] / Self.lightMillimetersPerSecond
        inPhase[index] = Float(offset.0 + amplitude * cos(phase) + 3 * random.normal())
        quadrature[index] = Float(offset.1 + amplitude * sin(phase) + 3 * random.normal())
      }
      return [inPhase, quadrature]
    }
  }

  /// Distance of the chest in millimetres.
  private func distance(_ night: Night, _ random: inout RandomSource) -> [Double] {
    var body = 1500 + 200 * random.normal()
    var target = body
    let count = Int(night.seconds * Self.rateHz)
    var beat = 0
    return (0..<count).map { index in
      let time = Double(index) / Self.rateHz
      let moved = Night.interpolate(night.movement, at: time)
      if moved > 0.1, Double.random(in: 0..<1, using: &random) < 0.02 { target += 25 * moved * random.normal() }
      body += 0.03 * (target - body)
      while beat < night.beats.count, night.beats[beat] < time - 0.2 { beat += 1 }
      let sinceBeat = beat < night.beats.count ? (time - night.beats[beat]) / 0.07 : 9
      let heart = 0.35 * exp(-0.5 * sinceBeat * sinceBeat)
      return body + 4 * Night.interpolate(night.breath, at: time) + heart + 2 * moved * random.normal()
    }
  }
}
