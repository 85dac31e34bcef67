import Corpora
package import SleepCore

/// All maps of one person, of one recording or several, and where each posture was held.
package struct PersonFrames {
  /// The recordings' frames, one recording after the other.
  package let frames: PressureFrames
  /// Stretches of neighbouring frames of one posture of one recording; postures of too few frames are not among them.
  package let stretches: [Posture: [Range<Int>]]
  /// What was odd, a sentence each.
  package let warnings: [String]

  /// - Parameters:
  ///   - recordings: Of one person, at least one.
  ///   - minimumFrames: A posture of fewer frames is left out.
  /// - Throws: ``PreparationError/noMapsToCompose(recording:)``, ``PreparationError/noFrameRate(recording:)``,
  ///   ``PreparationError/otherFrames(recording:found:expected:first:)``, and ``PreparationError/tooFewPostures(subject:found:minimumFrames:)``.
  package init(_ recordings: [Recording], minimumFrames: Int) throws {
    var values: [Float] = []
    var postures: [Posture?] = []
    var stretches: [Posture: [Range<Int>]] = [:]
    var first: (frames: PressureFrames, recording: String)?
    for recording in recordings {
      guard let frames = recording.frames, frames.count > 0, frames.sensor == .pressureMap else {
        throw PreparationError.noMapsToCompose(recording: recording.id)
      }
      guard let rate = frames.framesPerSecond, rate > 0 else {
        throw PreparationError.noFrameRate(recording: recording.id)
      }
      let (other, name) = first ?? (frames, recording.id)
      guard (frames.rows, frames.columns, rate) == (other.rows, other.columns, other.framesPerSecond) else {
        throw PreparationError.otherFrames(
          recording: recording.id, found: frames.words, expected: other.words, first: name)
      }
      first = (other, name)
      for (posture, stretch) in frames.held {
        stretches[posture, default: []].append(
          stretch.lowerBound + postures.count..<stretch.upperBound + postures.count)
      }
      values += frames.values
      postures += frames.postures
    }
    let scarce = stretches.filter { $1.map(\.count).reduce(0, +) < minimumFrames }.keys
    self.stretches = stretches.filter { !scarce.contains($0.key) }
    let subject = recordings.first?.subject.id ?? ""
    guard let (like, _) = first, self.stretches.count > 1 else {
      throw PreparationError.tooFewPostures(
        subject: subject, found: self.stretches.count, minimumFrames: minimumFrames)
    }
    frames = PressureFrames(
      sensor: like.sensor, rows: like.rows, columns: like.columns, framesPerSecond: like.framesPerSecond,
      values: values,
      postures: postures)
    warnings = scarce.sorted { $0.rawValue < $1.rawValue }.map {
      "\(subject): posture \($0.name) has fewer than \(minimumFrames) frames and is left out of the nights"
    }
  }

  /// The cells of one frame.
  func map(_ index: Int) -> ArraySlice<Float> {
    let cells = frames.rows * frames.columns
    return frames.values[index * cells..<(index + 1) * cells]
  }
}

extension PressureFrames {
  /// Each stretch of neighbouring frames of one posture, in order of time.
  fileprivate var held: [(Posture, Range<Int>)] {
    var found: [(Posture, Range<Int>)] = []
    for (index, posture) in postures.enumerated() {
      guard let posture else { continue }
      if let (last, stretch) = found.last, last == posture, stretch.upperBound == index {
        found[found.count - 1].1 = stretch.lowerBound..<index + 1
      } else {
        found.append((posture, index..<index + 1))
      }
    }
    return found
  }

  /// `64 x 32 at 1 Hz`.
  fileprivate var words: String { "\(rows) x \(columns) at \(short(framesPerSecond ?? 0)) Hz" }
}
