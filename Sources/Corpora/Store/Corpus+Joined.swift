import Foundation
public import SleepCore

extension Corpus {
  /// Several corpora as one, of which nothing is copied; a single one as it is.
  ///
  /// Each name, of a recording, a person or a group, has its data set's before it: `mesa.1234`. Whom something has seen is known by the data sets' own
  /// names all the same, so that a recogniser of several is tested on one of them without its people, and the other way round.
  ///
  /// - Parameter corpora: Of different people and data sets, with one kind of labels, one length of a window and, of each sensor that several have, one
  ///   contract.
  /// - Throws: ``CorpusError/notJoinable(path:found:expected:)``.
  public static func joined(_ corpora: [Corpus]) throws -> Corpus {
    precondition(!corpora.isEmpty, "at least one corpus")
    guard corpora.count > 1 else { return corpora[0] }
    try check(corpora)
    return Corpus(
      folder: corpora[0].folder, path: corpora.map(\.path).joined(separator: " and "),
      index: CorpusIndex(joining: corpora.map(\.index)), of: corpora)
  }

  private static func check(_ corpora: [Corpus]) throws {
    let first = corpora[0]
    for (position, corpus) in corpora.enumerated().dropFirst() {
      func refuse(_ found: String, _ expected: String) -> CorpusError {
        CorpusError.notJoinable(path: corpus.path, found: found, expected: expected)
      }
      for other in corpora.prefix(position) {
        if other.dataset == corpus.dataset {
          throw refuse(
            "the data set '\(corpus.dataset)' as in \(other.path)",
            "another: prepare all of its people as one corpus, or say 'dataset' in a card")
        }
        if other.population == corpus.population {
          throw refuse(
            "the people of '\(corpus.population)' as in \(other.path)",
            "others, who are not tested in one corpus and trained on in the other")
        }
        for contract in corpus.contracts {
          guard let known = other.contracts.first(where: { $0.sensor == contract.sensor }),
            let misfit = known.misfit(contract)
          else { continue }
          throw refuse("\(contract.summary); \(misfit)", "\(known.summary) as in \(other.path): prepare both alike")
        }
      }
      if first.labelKind != corpus.labelKind {
        throw refuse(
          "labels of the kind '\(corpus.labelKind?.rawValue ?? "none")'",
          "'\(first.labelKind?.rawValue ?? "none")' as in \(first.path)")
      }
      if first.windowSeconds != corpus.windowSeconds {
        throw refuse(
          "windows of \(words(corpus.windowSeconds))", "\(words(first.windowSeconds)) as in \(first.path)")
      }
    }
  }

  private static func words(_ seconds: Double?) -> String { seconds.map { "\(short($0)) s" } ?? "no length" }
}

extension CorpusIndex {
  /// Where its recordings came from: one, or several that were joined.
  public var sources: [RawSource] {
    joined
      ?? [RawSource(dataset: dataset, population: population, reader: reader, preprocessing: preprocessing)]
  }

  /// Who a subject is.
  public func person(_ subject: Subject) -> Person { sources.person(subject) }

  /// - Parameter indices: Of two or more corpora that fit together.
  fileprivate init(joining indices: [CorpusIndex]) {
    func words(_ part: (CorpusIndex) -> String) -> String {
      indices.map(part).filter { !$0.isEmpty }.joined(separator: " + ")
    }
    var sensors: [WindowContract] = []
    for contract in indices.flatMap(\.sensors) where !sensors.contains(where: { $0.sensor == contract.sensor }) {
      sensors.append(contract)
    }
    let sources = indices.flatMap(\.sources)
    self.init(
      DatasetDescription(
        name: words(\.dataset), population: words(\.population), reader: words(\.reader), title: words(\.title),
        citation: words(\.citation), licence: words(\.licence), labels: indices[0].labels),
      preprocessing: indices[0].preprocessing, sensors: sensors,
      recordings: zip(indices, sources).flatMap { index, source in index.recordings.map { $0.named(by: source) } },
      failures: zip(indices, sources).flatMap { index, source in
        index.failures.map { CorpusFailure(recording: source.joined($0.recording), reason: $0.reason) }
      },
      notes: zip(indices, sources).flatMap { index, source in index.notes.map { "\(source.dataset): \($0)" } })
    joined = sources
  }
}

extension CorpusRecording {
  /// The same by names that say its data set.
  fileprivate func named(by source: RawSource) -> CorpusRecording {
    CorpusRecording(
      id: source.joined(id), subject: Subject(source.joined(subject.id)), group: group.map(source.joined),
      session: session, decidedBy: decidedBy, windows: windows, startSeconds: startSeconds, start: start,
      lightsOffSeconds: lightsOffSeconds, validWindows: validWindows, labelCounts: labelCounts,
      contentHashes: contentHashes, sourceHashes: sourceHashes, warnings: warnings, leads: leads, files: files)
  }
}
