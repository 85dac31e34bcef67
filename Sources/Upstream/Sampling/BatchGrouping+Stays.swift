import Corpora
/// Which stays of a group do.
extension BatchGrouping {
  /// Stretches cut into pieces, the first of each `first` windows long; without those that are too short.
  func pieces(of stretches: [Stay], first: Int) -> [Stay] {
    stretches.flatMap { $0.cut(length: stay.length, first: first) }.filter { $0.windows.count >= windows }
  }

  /// Whether a group has stays enough, and two that are as far apart as is asked for.
  func isEnough(_ stays: [Stay]) -> Bool {
    guard stays.count(where: { $0.windows.count >= windows }) >= max(1, fewestStays) else { return false }
    return apart == 0 || stays.contains { one in stays.contains { isFar(one, $0) } }
  }

  /// The stays in the order given, but for one that is brought forward so that a far one stands second.
  ///
  /// - Parameter stays: Two of them are far apart where ``apart`` is above 0.
  func withTwoApart(_ stays: [Stay]) -> [Stay] {
    guard apart > 0 else { return stays }
    for first in stays.indices {
      guard let second = stays.indices.first(where: { isFar(stays[first], stays[$0]) }) else { continue }
      return [stays[first], stays[second]] + stays.indices.filter { $0 != first && $0 != second }.map { stays[$0] }
    }
    return stays
  }

  private func isFar(_ one: Stay, _ other: Stay) -> Bool {
    guard one.corpus == other.corpus, one.recording == other.recording else { return false }
    return other.windows.lowerBound - (one.windows.upperBound - 1) >= apart
      || one.windows.lowerBound - (other.windows.upperBound - 1) >= apart
  }
}
