public import SleepCore

/// Which people belong together, as families do: a split keeps each group in one part.
public struct SubjectGroups: Hashable, Sendable {
  private let groups: [Subject: String]

  /// Nobody belongs to anybody.
  public static let none = SubjectGroups([:])

  /// - Parameter groups: The group of each subject that has one.
  public init(_ groups: [Subject: String]) { self.groups = groups }

  /// The group of a subject; `nil` for one who stands alone.
  public subscript(subject: Subject) -> String? { groups[subject] }

  /// The people in what must stay together: a group each, or one person, in order of the first of each.
  public func units(of subjects: some Sequence<Subject>) -> [[Subject]] {
    var units: [[Subject]] = []
    var places: [String: Int] = [:]
    for subject in Set(subjects).sorted() {
      guard let group = groups[subject] else {
        units.append([subject])
        continue
      }
      if let place = places[group] {
        units[place].append(subject)
      } else {
        places[group] = units.count
        units.append([subject])
      }
    }
    return units
  }

  /// Those people, and everyone of a group of one of them.
  public func company(of subjects: some Sequence<Subject>) -> Set<Subject> {
    let subjects = Set(subjects)
    let named = Set(subjects.compactMap { groups[$0] })
    return subjects.union(groups.filter { named.contains($0.value) }.keys)
  }
}

extension CorpusIndex {
  /// Which of its people belong together.
  public var groups: SubjectGroups {
    SubjectGroups(
      Dictionary(
        recordings.compactMap { recording in recording.group.map { (recording.subject, $0) } },
        uniquingKeysWith: { first, _ in first }))
  }
}
