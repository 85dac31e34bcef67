/// Which arrays of a file are signals, how they read, and what there is to tell about the others.
struct ArrayChannels {
  struct Signal {
    let index: Int
    let layout: ArrayLayout
    let rateHz: Double
  }

  private(set) var arrays: [Signal] = []
  /// Arrays of which nobody says how many samples a second they have.
  private(set) var silent: [String] = []
  /// Without the file's name.
  private(set) var warnings: [String] = []

  var silentWords: String { NpzStore.listed(silent) }

  /// - Parameter labels: An array that holds labels.
  /// - Throws: ``ReadError`` for a rate that no signal has, and a recording that is longer than any.
  init(_ store: some ArrayStore, _ rules: SignalRules, except labels: String?) throws {
    var others = store.passedOver.map { "\(NpzStore.quoted($0.path)) (\($0.reason))" }
    var guessed: [String] = []
    var overruled: [String] = []
    for (index, array) in store.arrays.enumerated() where array.path != labels {
      let told = NpzStore.quoted(array.path)
      let shape = store.isReversed ? Array(array.shape.reversed()) : array.shape
      let axes = store.isReversed ? rules.axes.map { Array($0.reversed()) } : rules.axes
      guard let layout = ArrayLayout(array.shape, said: axes) else {
        others.append("\(told) (of shape \(shape), which axes in the card may explain)")
        continue
      }
      let own = store.facts.sampleRateHz(of: array.path)
      guard let rate = own ?? rules.sampleRateHz else {
        silent.append(told)
        continue
      }
      guard rate > 0, rate <= RecordingLimits.fastestHz else {
        throw ReadError(store.url, found: "\(plain(rate)) samples a second of \(told)", expected: "a rate above 0")
      }
      guard Double(layout.samples) / rate <= RecordingLimits.farthestSeconds else {
        throw ReadError(
          store.url, found: "\(layout.samples) samples of \(told) at \(plain(rate)) a second",
          expected: "at most 30 years")
      }
      if let said = rules.sampleRateHz, own != nil, said != rate { overruled.append("\(told) (\(plain(rate)))") }
      if !layout.isVector, layout.axes != axes {
        let read = store.isReversed ? Array(layout.axes.reversed()) : layout.axes
        guessed.append("\(told) of \(shape) as [\(read.map(\.rawValue).joined(separator: ", "))]")
      }
      arrays.append(Signal(index: index, layout: layout, rateHz: rate))
    }
    if !guessed.isEmpty {
      warnings.append("axes are told by their lengths: \(NpzStore.listed(guessed)); 'axes' in the card says otherwise")
    }
    if !overruled.isEmpty {
      warnings.append(
        "its own sampling rates count, not the \(plain(rules.sampleRateHz ?? 0)) of the card: \(NpzStore.listed(overruled))"
      )
    }
    if !silent.isEmpty, !arrays.isEmpty {
      warnings.append(
        "no sampling rate is told for \(silentWords), which \(silent.count == 1 ? "is" : "are") left out")
    }
    if !others.isEmpty { warnings.append("passed over: \(NpzStore.listed(others))") }
  }

  /// What the channels of an array are called: as the file says, else the array's path, with a number where there are several.
  func labels(of signal: Signal, _ store: some ArrayStore) -> [String] {
    let (path, count) = (store.arrays[signal.index].path, signal.layout.channels)
    if let names = store.facts.channelNames(of: path, count: count) {
      // Names beside several arrays that they fit are those of the longest.
      let longest = arrays.filter { $0.layout.channels == count }.max {
        ($0.layout.samples, $1.index) < ($1.layout.samples, $0.index)
      }
      if names.isOwn || longest?.index == signal.index { return names.value }
    }
    return count == 1 ? [path] : (1...count).map { "\(path) \($0)" }
  }
}
