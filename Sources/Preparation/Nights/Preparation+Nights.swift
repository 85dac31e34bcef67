import Corpora
import Foundation
import Readers
import SleepCore

extension Card {
  /// Composes one night of a person and cuts it into windows.
  ///
  /// - Parameters:
  ///   - number: Which of the person's nights, counted from 0.
  ///   - recordings: All that nights are composed of, of that person alone.
  ///   - path: The file that messages name.
  /// - Returns: Windows, with what was odd in the person's files in the first night alone, whose source hash is that of the person's frames as they were read: of one recording it is the recording's own,
  ///   so that the night is known to be of it wherever that stands.
  func night(
    _ number: Int, id: String, of recordings: [Recording], _ settings: NightComposition, path: String
  ) throws -> RecordingWindows {
    guard let subject = recordings.first?.subject, recordings.allSatisfy({ $0.subject == subject }) else {
      preconditionFailure("recordings of one person")
    }
    let person = try PersonFrames(recordings, minimumFrames: settings.minimumFrames)
    let plan = NightPlan.nights(of: person, subject: subject, settings)[number]
    let night = Recording(
      id: id, subject: subject, frames: ComposedNight(plan, of: person).frames,
      warnings: number == 0 ? recordings.flatMap(\.warnings) + person.warnings : [])
    var windows = try preprocessing.windows(of: night, path: path)
    windows.sourceHashes = Recording(id: id, subject: subject, frames: person.frames).sourceHashes
    return windows
  }
}

extension NightComposition {
  /// What a corpus says of the nights that are composed of some recordings.
  func note(of recordings: [String]) -> String {
    let named = recordings.prefix(Self.mostNamed)
    let rest = recordings.count - named.count
    let names = list(named + (rest > 0 ? ["\(rest) more"] : []))
    func seconds(_ bounds: [Double]) -> String { "\(short(bounds[0])) to \(short(bounds[1])) s" }
    return
      "nobody slept these nights: each is composed of one person's own frames, \(nights) a person of \(holds) holds of \(seconds(holdSeconds)), "
      + "with unlabelled mixtures of two frames for \(seconds(transitionSeconds)) between them, out of \(names)"
  }

  private static let mostNamed = 12
}
