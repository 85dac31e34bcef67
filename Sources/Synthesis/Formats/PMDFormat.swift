import Foundation
import SleepCore

/// `experiment-i/S<n>/<1..17>.txt` and `experiment-ii/S<n>/{Air,Sponge}_Mat/Matrix_{Air,Sponge}_<code>.txt`.
struct PMDFormat {
  let options: Synthesizer.Options

  /// Of experiment I, the subject numbers that took part in experiment II, in the order of their numbers there.
  private static let secondExperiment = [1, 2, 3, 5, 7, 8, 9, 10]

  init(_ options: Synthesizer.Options) { self.options = options }

  func write(to folder: URL) throws {
    let people = (1...options.subjects).map { Person($0, seed: options.seed) }
    for person in people {
      for posture in Posture.published {
        let path = "experiment-i/S\(person.number)/\(posture.rawValue + 1).txt"
        try Synthesizer.write(frames(person, posture), to: folder.appendingPathComponent(path))
      }
    }
    try Synthesizer.write(
      information(people.map { ($0.number, $0) }),
      to: folder.appendingPathComponent("experiment-i/subject-info-i.csv"))
    let taken = people.compactMap { person in
      Self.secondExperiment.firstIndex(of: person.number).map { ($0 + 1, person) }
    }.prefix(max(1, (min(options.subjects, 8) + 1) / 2))
    for (number, person) in taken {
      for mattress in ["Air", "Sponge"] {
        for (code, posture) in Self.codes {
          let path = "experiment-ii/S\(number)/\(mattress)_Mat/Matrix_\(mattress)_\(code).txt"
          try Synthesizer.write(map(person, mattress, code, posture), to: folder.appendingPathComponent(path))
        }
      }
    }
    try Synthesizer.write(
      information(Array(taken)), to: folder.appendingPathComponent("experiment-ii/subject-info-ii.csv"))
  }

  private static let codes: [(String, Posture)] =
    [
      ("B", [.supine, .supine8, .supine9, .supine10, .supine11, .supine12, .supine, .supine8, .supine9, .supine12]),
      ("C", [.right, .right60, .rightFetal]), ("D", [.left, .left60, .leftFetal]),
      ("E", [.right30, .right60, .left30, .left60, .right30, .left30]),
      (
        "F",
        [.supine, .supine, .supineBed30, .supineBed30, .supineBed45, .supineBed45, .supineBed60]
      ),
    ].flatMap { (letter: String, postures: [Posture]) in
      postures.enumerated().map { ("\(letter)\($0 + 1)", $1) }
    }

  /// A frame a line, once a second, a tab after every number, CRLF: two unsettled frames first.
  private func frames(_ person: Person, _ posture: Posture) -> Data {
    var random = RandomSource(seed: options.seed, for: "pmd \(person.number) \(posture.rawValue)")
    let mat = PressureMat(rows: 64, columns: 32, rowMeters: 0.0305, columnMeters: 0.0265)
    let map = settled(person, posture, mat, &random)
    let count = max(4, Int((20 * options.hours).rounded())) + Int.random(in: 0...4, using: &random)
    var text = NumberText(capacity: (count + 2) * map.count * 4)
    var breath = 0.0
    var slow = Wander(memorySeconds: 20, stepSeconds: 1)
    for frame in -2..<count {
      breath += 2 * .pi * person.breathsPerMinute / 60
      let level = 1 + 0.02 * sin(breath) + 0.015 * slow.next(&random)
      for (cell, pressure) in map.enumerated() {
        var value = pressure * level
        if pressure > 0 { value += (0.6 + 0.01 * pressure) * random.normal() }
        if frame == -2 { value *= 0.01 }
        if frame == -1 { value = 1000 + 47 * random.normal() }
        // The trunk's breath moves the upper half more.
        if cell < map.count / 2 { value *= 1 + 0.01 * sin(breath) }
        text.append(min(4095, max(0, Int(value.rounded()))))
        text.append("\t")
      }
      text.append("\r\n")
    }
    return text.data
  }

  /// A map of 64 x 27, spaces between the numbers, CRLF, on a baseline of 40 to 50.
  private func map(_ person: Person, _ mattress: String, _ code: String, _ posture: Posture) -> Data {
    var random = RandomSource(seed: options.seed, for: "pmd ii \(person.number) \(mattress) \(code)")
    let mat = PressureMat(rows: 64, columns: 27, rowMeters: 0.0305, columnMeters: 0.0315)
    let map = settled(person, posture, mat, &random, softness: mattress == "Air" ? 0.7 : 0.9)
    var text = NumberText(capacity: map.count * 4)
    for (cell, pressure) in map.enumerated() {
      let baseline = 44 + 2.5 * random.normal()
      text.append(min(4095, max(0, Int((baseline + pressure).rounded()))))
      if cell % mat.columns < mat.columns - 1 { text.append(" ") } else { text.append("\r\n") }
    }
    return text.data
  }

  /// One posture of one person on a mat, as its sensors see it: uneven, with idle sensors and spots of high pressure.
  private func settled(
    _ person: Person, _ posture: Posture, _ mat: PressureMat, _ random: inout RandomSource, softness: Double = 1
  ) -> [Double] {
    let place = PressureMat.Place(
      top: max(0, person.placeTop + 0.03 * random.normal()), side: person.placeSide + 0.03 * random.normal(),
      turn: person.placeTurn + 0.03 * random.normal())
    let body = Body(posture, sway: 0.014, random: &random)
    return mat.load(body, person, place).map { pressure in
      var value = pow(pressure, softness) * exp(0.45 * person.matNoise * random.normal()) - 4
      if value > 60, Double.random(in: 0..<1, using: &random) < 0.008 { value *= 6 }
      if Double.random(in: 0..<1, using: &random) < 0.01 { value += 25 * abs(random.normal()) }
      return max(0, value)
    }
  }

  /// UTF-16 with a mark, as one of the published files is.
  private func information(_ people: [(Int, Person)]) -> Data {
    var text = "Subject-Number,Age,Height/cm,Weight/kg\r\n"
    for (number, person) in people {
      let centimeters = Int((100 * person.heightMeters).rounded())
      text += "\(number),\(person.age),\(centimeters),\(Int(person.weightKilograms.rounded()))\r\n"
    }
    return Data([0xff, 0xfe] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
  }
}
