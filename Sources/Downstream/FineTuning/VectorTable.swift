import Corpora
import Layers
import SleepCore
import Tensors
import Training

/// The vectors of all windows of a source, computed once by a recogniser whose encoder stays as it is.
struct VectorTable {
  /// `[windows + 1, width]`: recording by recording; zeros where a window was not measured, and in the last row, which is padding's.
  private let vectors: Tensor
  /// The row of each recording's first window.
  private let rows: [Int: Int]

  /// - Parameter kept: Where vectors lie, and the encoder's name there; all are computed where `nil`.
  init(
    _ recogniser: Recogniser, _ source: WindowSource, on device: Device, kept: (folder: VectorFolder, encoder: String)?
  ) throws {
    let reader = BatchReader([source])
    var (parts, rows, count): ([Tensor], [Int: Int], Int) = ([], [:], 0)
    for recording in source.recordings {
      rows[recording] = count
      count += source.store.recordings[recording].windows
      func computed() throws -> [Tensor] {
        try source.plans(recording: recording, length: 1, stride: 1, batchSize: 512).map { plan in
          let batch = try DeviceBatch(reader.read(plan), on: device)
          return try LibTorch.withoutGradients { try recogniser.vectors(batch, .inference).squeezed(1) }
        }
      }
      guard let kept, source.store.recordings[recording].windows > 0 else {
        parts += try computed()
        continue
      }
      parts.append(
        try kept.folder.vectors(kept.encoder, source, recording: recording, width: recogniser.vectorWidth) {
          try .concatenate(computed(), axis: 0)
        }.to(device))
    }
    parts.append(try .zeros([1, recogniser.vectorWidth], device: device))
    vectors = try .concatenate(parts, axis: 0)
    self.rows = rows
  }

  /// The vectors of a batch of the source's windows, `[batch, length, width]`.
  func callAsFunction(_ batch: Batch) throws -> Tensor {
    let padding = vectors.shape[0] - 1
    let indices = batch.windows.map { window in
      Int64(window.window < 0 ? padding : (rows[window.recording] ?? 0) + window.window)
    }
    return try vectors.select(0, indices: Tensor(indices).to(vectors.device))
      .reshaped([batch.count, batch.length, -1])
  }
}
