/// The name that someone who typed `word` most likely meant.
///
/// Case, `-`, `_` and spaces do not count. The distance is that of optimal string alignment: insertions, deletions, substitutions
/// and swapped neighbours. `nil` where even the nearest name differs in more than a third of its letters (and in more than one).
///
/// - Returns: The first of the nearest in the order of `names`.
public func nearest(_ word: String, among names: some Sequence<String>) -> String? {
  let typed = letters(of: word)
  var best: (name: String, distance: Int)?
  for name in names {
    let candidate = letters(of: name)
    let longest = max(typed.count, candidate.count)
    let allowed = min(max(1, longest / 3), best.map { $0.distance - 1 } ?? longest)
    guard longest <= 200, abs(typed.count - candidate.count) <= allowed else { continue }
    let distance = editDistance(typed, candidate)
    if distance <= allowed, distance < longest || longest == 0 { best = (name, distance) }
  }
  return best?.name
}

private func letters(of name: String) -> [Unicode.Scalar] {
  name.lowercased().unicodeScalars.filter { !"-_ ".unicodeScalars.contains($0) }
}

private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
