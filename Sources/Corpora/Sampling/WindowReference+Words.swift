extension [WindowReference] {
  /// Which windows these are: `windows of s01-1 (3, 17, 20 and 40 more) and s02-1 (5)`.
  ///
  /// - Parameter sources: By whose position the references name their corpora.
  public func inWords(of sources: [WindowSource]) -> String {
    let real = filter { $0.window >= 0 }
    var order: [String] = []
    var windows: [String: [Int]] = [:]
    for reference in real {
      let name = sources[reference.corpus].store.recordings[reference.recording].id
      if windows[name] == nil { order.append(name) }
      windows[name, default: []].append(reference.window)
    }
    let parts = order.prefix(3).map { name in
      let own = windows[name] ?? []
      let more = own.count > 3 ? " and \(own.count - 3) more" : ""
      return "\(name) (\(own.prefix(3).map(String.init).joined(separator: ", "))\(more))"
    }
    let more = order.count > 3 ? " and \(order.count - 3) more recordings" : ""
    return parts.isEmpty ? "no window" : "windows of \(parts.joined(separator: ", "))\(more)"
  }
}
