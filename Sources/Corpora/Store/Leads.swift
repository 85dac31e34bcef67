/// What is told of channels that recordings of one corpus made of different leads, or at different rates.
enum Leads {
  /// A sentence a channel.
  static func notes(on recordings: [CorpusRecording]) -> [String] {
    var made: [String: [String: Int]] = [:]
    for recording in recordings {
      for (channel, lead) in recording.leads ?? [:] { made[channel, default: [:]][lead, default: 0] += 1 }
    }
    return made.sorted { $0.key < $1.key }.compactMap { channel, leads in
      guard leads.count > 1 else { return nil }
      let ordered = leads.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      let shown = ordered.prefix(mostShown).map { "\($0.key) in \($0.value)" }.joined(separator: ", ")
      let rest = ordered.count - mostShown
      return "\(channel) is made of \(shown)\(rest > 0 ? " and \(rest) more" : "") of \(recordings.count) recordings"
    }
  }

  private static let mostShown = 5
}
