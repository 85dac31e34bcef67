import Corpora
import Foundation
import Signals
import SleepCore

/// Cuts the signals of one sensor into windows, as the card says.
struct SignalWindowing {
  let sensor: Sensor
  let settings: SensorPreprocessing
  let preparation: [String: String]
  let grid: WindowGrid
  let path: String

  /// - Returns: The windows, what was odd, and what of the file each channel is; `nil` where the recording lacks the sensor.
  /// - Throws: ``PreparationError`` or ``Signals/SignalError``.
  func windows(of signals: [Signal]) throws -> (SensorWindows, warnings: [String], leads: [String: String])? {
    let source = settings.spectrogram?.from ?? sensor
    let own = signals.filter { $0.sensor == source && $0.count > 0 }
    guard !own.isEmpty else { return nil }
    let selection = ChannelSelection(signals: own, path: path)
    let (chosen, outside) = ValidRange.applied(to: try selection.select(settings), settings, of: sensor)
    let leads = Dictionary(
      chosen.map { ("\(sensor.rawValue) \($0.channel.name)", $0.leadWithRate) }, uniquingKeysWith: { first, _ in first }
    )
    let unworn = try unworn(chosen)
    let selected = try selection.derive(chosen, settings)
    let rate = try rate(of: selected)
    let context = settings.contextSeconds ?? 0
    try WindowRoom.expect(
      values(of: selected.count, rate: rate, context: context), of: sensor, samples: own.map(\.size).reduce(0, +),
      path: path)
    try expectTiming(selected)
    var channels: [Channel] = []
    var series: [SampleSeries] = []
    var warnings = outside + chosen.compactMap { Amplitude.warning($0, of: source) }
    for channel in selected {
      if settings.resampling == .windowLines {
        channels.append(channel.channel)
        continue
      }
      var one = try SampleSeries(channel, settings: settings, rate: rate, grid: grid)
      for stretch in unworn { one.remove(stretch) }
      channels.append(channel.channel)
      series.append(one)
      if let seconds = settings.localDeviationSeconds {
        channels.append(Channel(name: channel.channel.name + " deviation", unit: ""))
        series.append(one.localDeviation(seconds: seconds))
      }
    }
    transform(&series)
    try normalise(&series, context: Int((context * rate).rounded()))
    let length = Int(((grid.windowSeconds + 2 * context) * rate).rounded())
    let normalised = settings.normalisation ?? .none != .none || settings.scale != nil || settings.transform != nil
    var contract = WindowContract(
      sensor: sensor, channels: normalised ? channels.map { Channel(name: $0.name, unit: "") } : channels,
      shape: [channels.count, length], sampleRateHz: rate, preparation: preparation)
    var (values, measured) =
      settings.resampling == .windowLines
      ? try WindowLines(grid: grid, settings: settings, rateHz: rate, length: length).windows(of: selected)
      : cut(series, length: length)
    finish(&values, length: length)
    if let spectrogram = settings.spectrogram {
      guard channels.count == 1 else {
        throw PreparationError.severalChannels(path: path, channels: channels.map(\.name))
      }
      let images = try SpectrogramWindowing(spectrogram).images(values, samples: length, measured: measured)
      contract = WindowContract(sensor: sensor, shape: images.shape, preparation: preparation)
      values = images.values
    }
    let windows = SensorWindows(
      contract: contract, values: values, measured: measured, allowFlat: settings.allowFlat ?? false)
    if !unworn.isEmpty {
      let hours = unworn.reduce(0) { $0 + $1.upperBound - $1.lowerBound } / 3600
      warnings.append(
        "\(sensor.rawValue) was not worn for \(short((hours * 10).rounded() / 10)) h, since it lay still: missing")
    }
    let faulty = zip(windows.valid, measured).count { $0 == 0 && $1 }
    if faulty > 0 { warnings.append("\(sensor.rawValue) is flat in \(faulty) of \(grid.count) windows") }
    let missing = measured.count { !$0 }
    if missing > 0 { warnings.append("\(sensor.rawValue) is missing in \(missing) of \(grid.count) windows") }
    return (windows, warnings, leads)
  }

  /// When it was not worn, by its own acceleration, where the card asks for that.
  private func unworn(_ channels: [SelectedChannel]) throws -> [ClosedRange<Double>] {
    guard let minutes = settings.nonWearMinutes else { return [] }
    if let other = channels.first(where: { $0.channel.unit.lowercased() != "g" }) {
      throw PreparationError.unknownUnit(
        path: path, channel: other.channel.name, found: other.channel.unit, expected: "g")
    }
    guard let first = channels.first else { return [] }
    return first.parts.indices.flatMap { part -> [ClosedRange<Double>] in
      let timing = first.parts[part].timing
      let axes = channels.filter { $0.parts.indices.contains(part) && $0.parts[part].timing == timing }
        .map { channel in channel.parts[part].samples.map { $0 * channel.factor } }
      let times: (Int) -> Double =
        switch timing {
        case .regular(let start, let rate): { start + Double($0) / rate }
        case .irregular(let seconds): { seconds[$0] }
        }
      return NonWear.stretches(axes, seconds: times, stillMinutes: minutes)
    }
  }

  /// The values of all windows, or of the signal that they are cut from where that is longer.
  private func values(of channels: Int, rate: Double, context: Double) -> Double {
    let rows = Double(channels * (settings.localDeviationSeconds == nil ? 1 : 2))
    let windows = Double(grid.count)
    let length = (grid.windowSeconds + 2 * context) * rate
    let signal = (grid.endSeconds - grid.startSeconds + 2 * context) * rate
    let cut = rows * max(signal, windows * length)
    guard let spectrogram = settings.spectrogram else { return cut }
    let hop = Double(spectrogram.hopSamples ?? max(1, spectrogram.frameSamples / 2))
    return max(cut, windows * (length / hop + 2) * Double(spectrogram.frameSamples / 2 + 1))
  }

  /// The card's rate, or that of the file where all its channels have one.
  private func rate(of channels: [SelectedChannel]) throws -> Double {
    if let rate = settings.sampleRateHz { return rate }
    let rates = Set(
      channels.flatMap(\.parts).map { part -> Double? in
        if case .regular(_, let rate) = part.timing { rate } else { nil }
      })
    guard rates.count == 1, case let rate?? = rates.first else {
      throw PreparationError.noRate(path: path, sensor: sensor)
    }
    return rate
  }

  private func transform(_ series: inout [SampleSeries]) {
    guard settings.transform == .log1p else { return }
    for index in series.indices {
      series[index].samples = series[index].samples.map { $0.isNaN ? $0 : log1p(max(0, $0)) }
    }
  }

  /// Statistics of this recording alone, over its windows without their context.
  private func normalise(_ series: inout [SampleSeries], context: Int) throws {
    guard !isFinishedByWindow else { return }
    let kind = settings.normalisation ?? .none
    var fitted: [Normalization?] = []
    if kind != .none {
      fitted = series.map { series in
        let inside = Array(series.samples[context..<max(context, series.samples.count - context)])
        let plain = { try? Normalization(measuring: inside, .standard) }
        return kind == .robust ? (try? Normalization(measuring: inside, .interquartileRange)) ?? plain() : plain()
      }
      if settings.sharedSpread == true {
        let spreads = fitted.compactMap { $0?.spread }
        let shared = spreads.reduce(0, +) / Double(max(1, spreads.count))
        fitted = fitted.map { $0.map { Normalization(center: $0.center, spread: shared) } }
      }
    }
    let scale = Float(1 / (settings.scale ?? 1))
    for index in series.indices {
      // A channel without variance has no scale of its own: it is centred, and its windows are masked or all zero.
      let level = series[index].samples.first(where: \.isFinite) ?? 0
      if kind != .none {
        series[index].samples = fitted[index]?(series[index].samples) ?? series[index].samples.map { $0 - level }
      }
      if scale != 1 { series[index].samples = series[index].samples.map { $0 * scale } }
      if let clip = settings.clip.map(Float.init) {
        series[index].samples = series[index].samples.map { $0.isNaN ? $0 : min(clip, max(-clip, $0)) }
      }
    }
  }

  /// Whether the last steps are taken of each window for itself.
  private var isFinishedByWindow: Bool { settings.normalisation == .window || settings.resampling == .windowLines }

  /// Normalises, scales and clips each channel of each window for itself, where the card says so.
  ///
  /// - Parameter values: `[windows, channels, length]`.
  private func finish(_ values: inout [Float], length: Int) {
    guard isFinishedByWindow else { return }
    let scale = Float(1 / (settings.scale ?? 1))
    for start in stride(from: 0, to: values.count, by: length) {
      let row = start..<(start + length)
      if settings.normalisation == .window { WindowStandard(values[row]).apply(to: &values[row]) }
      if scale != 1 { for index in row { values[index] *= scale } }
      if let clip = settings.clip.map(Float.init) {
        for index in row where !values[index].isNaN { values[index] = min(clip, max(-clip, values[index])) }
      }
    }
  }

  /// - Throws: ``PreparationError/noFixedRate(path:sensor:resampling:)`` where a transform is asked for of samples that have a time each.
  private func expectTiming(_ channels: [SelectedChannel]) throws {
    guard let kind = settings.resampling, kind == .fourier || kind == .windowFourier else { return }
    for part in channels.flatMap(\.parts) {
      guard case .irregular = part.timing else { continue }
      throw PreparationError.noFixedRate(path: path, sensor: sensor, resampling: kind.rawValue)
    }
  }

  /// - Returns: `[windows, channels, length]`, and for each window whether enough of every channel is there.
  private func cut(_ series: [SampleSeries], length: Int) -> ([Float], [Bool]) {
    let step = Double(grid.windowSeconds) * (series.first?.sampleRateHz ?? 0)
    let rows = series.count
    let allowed = (settings.maximumMissing ?? 0) * Double(length)
    var measured = [Bool](repeating: true, count: grid.count)
    let values = [Float](unsafeUninitializedCapacity: grid.count * rows * length) { buffer, initialized in
      for (row, series) in series.enumerated() {
        let isWhole = series.samples.allSatisfy(\.isFinite)
        let completed = isWhole ? series.samples : series.samples.bridged()
        for window in 0..<grid.count {
          let start = min(Int((Double(window) * step).rounded()), max(0, series.samples.count - length))
          let target = (window * rows + row) * length
          for offset in 0..<length { buffer[target + offset] = completed[start + offset] }
          if let share = settings.minimumRecorded, let recorded = series.recorded(from: start, count: length),
            Double(recorded) < share * Double(length)
          {
            measured[window] = false
          }
          guard !isWhole else { continue }
          let missing = series.samples[start..<(start + length)].count { !$0.isFinite }
          if Double(missing) > allowed || missing == length { measured[window] = false }
        }
      }
      initialized = grid.count * rows * length
    }
    return (values, measured)
  }
}

extension Signal {
  /// Samples of all channels.
  fileprivate var size: Int { count * channels.count }
}
