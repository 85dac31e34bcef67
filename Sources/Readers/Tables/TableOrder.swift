import SleepCore

extension TableParser {
  /// Puts the rows in order of time; of rows with one time the first stays, and those without one are left out.
  ///
  /// - Parameter rate: Where a card says a rate beside the times, rows may share one.
  /// - Returns: What to tell.
  /// - Throws: ``ReadError`` where a third of the rows repeat a time and nobody says the rate.
  func putInOrder(_ name: String, told rate: Double?) throws -> [String] {
    var (backward, repeated, absent) = (0, 0, 0)
    var last = -Double.infinity
    for second in seconds {
      guard !second.isNaN else {
        absent += 1
        continue
      }
      if second < last { backward += 1 }
      if second == last { repeated += 1 }
      last = second
    }
    if backward == 0, absent == 0, repeated == 0 || rate != nil { return [] }
    var order = seconds.indices.filter { !seconds[$0].isNaN }
    if backward > 0 {
      // Stable, so that the first of several rows with one time is the one in the file.
      order.sort { (seconds[$0], $0) < (seconds[$1], $1) }
    }
    var warnings: [String] = []
    if absent > 0 {
      warnings.append("\(name): \(absent) \(absent == 1 ? "row has" : "rows have") no time; left out")
    }
    if backward > 0 {
      warnings.append("\(name): time steps back \(backward == 1 ? "once" : "\(backward) times"); sorted")
    }
    if rate == nil {
      var kept: [Int] = []
      kept.reserveCapacity(order.count)
      for row in order where kept.last.map({ seconds[$0] < seconds[row] }) ?? true { kept.append(row) }
      let count = order.count - kept.count
      guard 3 * count <= order.count else {
        throw ReadError(
          url, found: "\(count) of \(order.count) rows with the time of the row before",
          expected: "a time a row; where times are rounded, the rate as 'table: {sample_rate_hz: …}' in the card")
      }
      if count > 0 {
        warnings.append("\(name): \(count) \(count == 1 ? "sample repeats a time" : "samples repeat a time"); left out")
      }
      order = kept
    }
    rearrange(order)
    return warnings
  }
}
