import Corpora
import Readers
import SleepCore

/// One recording of a corpus that is to be made, and what it is made of.
struct PreparationItem {
  /// As the corpus calls it.
  let id: String
  /// One recording; of a composed night all recordings of the person.
  let sources: [RecordingSource]
  /// Which night of the person it is, counted from 0; `nil` where nothing is composed.
  let night: Int?

  /// A recording as it is.
  init(_ source: RecordingSource) {
    id = source.id
    sources = [source]
    night = nil
  }

  private init(night: Int, of subject: Subject, _ sources: [RecordingSource]) {
    id = "night-\(night + 1)-\(subject.id)"
    self.sources = sources
    self.night = night
  }

  /// The nights of each person, in order of their recordings.
  ///
  /// - Parameter path: The folder that messages name.
  /// - Throws: ``PreparationError/nothingToCompose(path:prefixes:)``.
  static func nights(
    of sources: [RecordingSource], _ settings: NightComposition, path: String
  ) throws -> [PreparationItem] {
    let taken = sources.filter { settings.takes(recording: $0.id) }
    guard !taken.isEmpty else { throw PreparationError.nothingToCompose(path: path, prefixes: settings.recordings) }
    let people = Dictionary(grouping: taken, by: \.subject)
    var subjects: [Subject] = []
    for source in taken where !subjects.contains(source.subject) { subjects.append(source.subject) }
    return subjects.flatMap { subject in
      (0..<settings.nights).map { PreparationItem(night: $0, of: subject, people[subject] ?? []) }
    }
  }
}
