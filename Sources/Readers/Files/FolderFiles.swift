import Foundation

/// The files below a folder of signal files, by what they are for.
struct FolderFiles {
  private(set) var signals: [FoundSignal] = []
  /// Files of annotations alone, whatever their names, and those with annotations, or damaged, that are named as a signal's.
  private(set) var scorings: [FileName] = []
  /// Other files that may be label files by their names.
  private(set) var texts: [FileName] = []

  private enum Content {
    case signals(withAnnotations: Bool)
    case annotations
    /// A header that cannot be read: what it is goes by its name, and reading it tells what is wrong.
    case unknown
  }

  init(_ tree: FolderTree, formats: Set<SignalFormat>) {
    var named: [(file: FileName, content: Content)] = []
    let segments = formats.contains(.wfdb) ? WFDBHeader.segmentFiles(among: tree.files) : []
    for url in tree.files where !segments.contains(url.path) {
      let file = FileName(url, below: tree.root)
      if let format = SignalFormat(of: url), formats.contains(format) {
        named.append((file, format == .edf ? Self.content(of: url) : .signals(withAnnotations: true)))
      } else if ScoringName(file) != nil {
        texts.append(file)
      }
    }
    // Where there are label files alone, each is a recording without signals.
    let areLabelsAlone = !named.contains { if case .annotations = $0.content { false } else { true } }
    let others = Set(
      named.flatMap { file, content in
        if case .signals = content { ScoringName.keys(of: file).map { file.folder + "/" + $0 } } else { [String]() }
      })
    for (file, content) in named {
      // A scoring program may write a signal of nothing beside the annotations.
      let isNamedAsLabels = ScoringName(file)?.keys.contains { others.contains(file.folder + "/" + $0) } == true
      switch content {
      case .signals(withAnnotations: true) where isNamedAsLabels: scorings.append(file)
      case .annotations where !areLabelsAlone: scorings.append(file)
      case .unknown where isNamedAsLabels || SleepEDFName(file.stem)?.isHypnogram == true: scorings.append(file)
      case .annotations: add(file, mayHoldLabels: true)
      case .unknown: add(file, mayHoldLabels: false)
      case .signals(let withAnnotations): add(file, mayHoldLabels: withAnnotations)
      }
    }
  }

  private mutating func add(_ file: FileName, mayHoldLabels: Bool) {
    signals.append(FoundSignal(file: file, files: ["psg": file.url], mayHoldLabels: mayHoldLabels))
  }

  private static func content(of url: URL) -> Content {
    guard let header = try? EDFHeader(contentsOf: url) else { return .unknown }
    return header.channels.isEmpty ? .annotations : .signals(withAnnotations: !header.annotationRanges.isEmpty)
  }
}
