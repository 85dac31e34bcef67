package import SleepCore

/// A night of one person's own frames, played as a plan says.
package struct ComposedNight {
  package let frames: PressureFrames

  package init(_ plan: NightPlan, of person: PersonFrames) {
    var values: [Float] = []
    var postures: [Posture?] = []
    values.reserveCapacity(
      plan.holds.map { $0.frames.count + $0.blends }.reduce(0, +) * person.frames.rows * person.frames.columns)
    var last: Int?
    for hold in plan.holds {
      if let last, let next = hold.frames.first {
        for blend in 1..<hold.blends + 1 {
          let share = Float(blend) / Float(hold.blends + 1)
          values += zip(person.map(last), person.map(next)).map { $0 + share * ($1 - $0) }
          postures.append(nil)
        }
      }
      for frame in hold.frames {
        values += person.map(frame)
        postures.append(hold.posture)
      }
      last = hold.frames.last
    }
    frames = PressureFrames(
      sensor: person.frames.sensor, rows: person.frames.rows, columns: person.frames.columns,
      framesPerSecond: person.frames.framesPerSecond, values: values, postures: postures)
  }
}
