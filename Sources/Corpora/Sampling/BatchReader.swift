import SleepCore

/// Reads planned batches from corpora or memory: a copy a run of neighbouring windows, nothing more.
public struct BatchReader: Sendable {
  private let sources: [WindowSource]
  /// By source and recording.
  private let classes: [[Int: [Int8]]]

  /// - Parameter sources: In the order that ``WindowReference/corpus`` counts.
  public init(_ sources: [WindowSource]) {
    self.sources = sources
    classes = sources.map { source in
      Dictionary(uniqueKeysWithValues: source.recordings.map { ($0, source.classes(recording: $0)) })
    }
  }

  /// - Throws: ``CorpusError/absentSensor(_:path:present:)``, or ``NumPy/NpyError``.
  public func read(_ plan: BatchPlan) throws -> Batch {
    let windows = plan.windows
    let inputs = try plan.sensors.map { try input($0, plan) }
    let need = windows.first.map { sources[$0.corpus].need } ?? .all
    var mask = [UInt8](repeating: need == .all ? 1 : 0, count: windows.count)
    for input in inputs {
      switch need {
      case .all: for position in mask.indices { mask[position] &= input.valid[position] }
      case .any: for position in mask.indices { mask[position] |= input.valid[position] }
      }
    }
    let labels = windows.indices.map { position -> Int8 in
      let reference = windows[position]
      guard mask[position] != 0, let labels = classes[reference.corpus][reference.recording] else { return -1 }
      return labels[reference.window]
    }
    let hours = windows.map { window in
      window.window < 0 ? 0 : sources[window.corpus].store.hours(recording: window.recording, window: window.window)
    }
    return Batch(
      inputs: inputs, labels: labels, mask: mask, hours: hours, windows: windows, length: plan.length, need: need)
  }

  private func input(_ sensor: Sensor, _ plan: BatchPlan) throws -> BatchInput {
    let windows = plan.windows
    guard let first = windows.first else {
      return BatchInput(sensor: sensor, shape: [0, plan.length, 0, 0], values: [], valid: [])
    }
    let contract = try sources[first.corpus].contract(of: sensor)
    let size = contract.size
    var valid = [UInt8](repeating: 0, count: windows.count)
    let values = try [Float](unsafeUninitializedCapacity: windows.count * size) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      let windowBytes = size * MemoryLayout<Float>.size
      var position = 0
      while position < windows.count {
        let start = windows[position]
        let end = run(from: position, in: windows)
        let target = UnsafeMutableRawBufferPointer(rebasing: bytes[(position * windowBytes)..<(end * windowBytes)])
        let source = sources[start.corpus]
        if start.window < 0 || source.need == .any && source.valid(recording: start.recording, sensor: sensor) == nil {
          target.initializeMemory(as: UInt8.self, repeating: 0)
        } else {
          let range = start.window..<(start.window + end - position)
          try source.store.copyWindows(recording: start.recording, sensor: sensor, range: range, into: target)
          if let flags = source.valid(recording: start.recording, sensor: sensor) {
            for (offset, window) in range.enumerated() { valid[position + offset] = flags[window] }
          }
        }
        position = end
      }
      initialized = windows.count * size
    }
    let shape = [plan.count, plan.length] + contract.shape
    // Profiles are those of this source alone, so that it counts as the first.
    let profile = try sources[first.corpus].profiles.map {
      try $0(
        windows.map { WindowReference(recording: $0.recording, window: $0.window) }, of: sensor,
        width: NightProfile.width([contract]))
    }
    return BatchInput(sensor: sensor, shape: shape, values: values, valid: valid, profile: profile ?? [])
  }

  /// The end of the stretch of neighbouring windows, or of padding, that begins at a position.
  private func run(from start: Int, in windows: [WindowReference]) -> Int {
    var end = start + 1
    while end < windows.count {
      let previous = windows[end - 1]
      let next = windows[end]
      guard next.corpus == previous.corpus, next.recording == previous.recording,
        previous.window < 0 ? next.window < 0 : next.window == previous.window + 1
      else { break }
      end += 1
    }
    return end
  }
}
