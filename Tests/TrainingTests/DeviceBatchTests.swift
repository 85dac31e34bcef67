import Corpora
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("Batches")
struct DeviceBatchTests {
  private static let labels: [Int8] = [2, -1, 0, -1, 1, -1]
  private static let mask = [true, false, true, false, true, false]
  private static let hours: [Float] = [0, 0.5, 1, -1, -0.5, 0]

  private func batch() throws -> DeviceBatch {
    try DeviceBatch(
      inputs: [.heartRate: .ones([2, 3, 1, 4])], labels: Self.labels, mask: Self.mask, hours: Self.hours, length: 3)
  }

  @Test("What was read stands in plain memory, and how far each sequence goes")
  func host() throws {
    let contract = WindowContract(sensor: .heartRate, channels: ["hr"], shape: [1, 2], sampleRateHz: 1)
    let values: [Float] = [1, 2, .nan, 4, 5, 6, 7, 8, 9, 10]
    let store = RecordingsInMemory(
      [
        RecordingWindows(
          id: "a", subject: Subject("a"), labels: [0, 2, 4, -1, 2],
          sensors: [SensorWindows(contract: contract, values: values)])
      ], dataset: DatasetDescription(name: "toy", title: "toy", labels: .stages), windowSeconds: 1800, path: "toy")
    let source = try WindowSource(store, sensors: [.heartRate], scheme: .wakeNREMREM)
    let read = try BatchReader([source]).read(source.plans(recording: 0, length: 3, stride: 3, batchSize: 2)[0])
    let batch = try DeviceBatch(read, on: .cpu)
    #expect(batch.labels == [0, -1, 2, -1, 1, -1] && batch.mask == [true, false, true, true, true, false])
    #expect(batch.hours == [0, 0.5, 1, 1.5, 2, 0])
    #expect(batch.count == 2 && batch.length == 3 && batch.lengths == [3, 2] && batch.lengths == read.lengths)
    #expect(batch.isLabelled && !batch.isWhole && batch.device == .cpu)
    #expect(try batch.inputs[.heartRate]?.values(Float.self) == [1, 2, 0, 0, 5, 6, 7, 8, 9, 10, 0, 0])
    let known = try DeviceBatch(read, on: .cpu, withInputs: false)
    #expect(known.inputs.isEmpty && known.labels == read.labels && known.lengths == [3, 2])
    let plain = DeviceBatch(inputs: [:], labels: [-1, -1], length: 1)
    #expect(plain.mask == [true, true] && plain.hours == [0, 0] && plain.isWhole && !plain.isLabelled)
  }

  @Test("The beginning of a batch is that of each of its sequences, with all that is known of it")
  func beginning() throws {
    let values = try Tensor((0..<6).map(Float.init), shape: [2, 3, 1])
    let batch = DeviceBatch(
      inputs: [.heartRate: values], profiles: [.heartRate: try values * 10], labels: Self.labels, mask: Self.mask,
      measured: [.heartRate: Self.mask], hours: Self.hours, length: 3)
    let beginning = try batch.beginning(2)
    #expect(try beginning.inputs[.heartRate]?.values(Float.self) == [0, 1, 3, 4])
    #expect(try beginning.profiles[.heartRate]?.values(Float.self) == [0, 10, 30, 40])
    #expect(beginning.labels == [2, -1, -1, 1] && beginning.hours == [0, 0.5, -1, -0.5])
    #expect(beginning.mask == [true, false, false, true] && beginning.measured == [.heartRate: beginning.mask])
    #expect(beginning.count == 2 && beginning.length == 2 && beginning.lengths == [1, 2])
  }

  @Test("Tensors of labels, hours and places are made once a batch, and anew only for other labels")
  func device() throws {
    let batch = try batch()
    let (labels, hours, places) = (try batch.labelTensor(), try batch.hourTensor(), try batch.measuredPlaces())
    #expect(labels.shape == [2, 3] && hours.shape == [2, 3])
    #expect(labels.dtype == .int64 && places.dtype == .int64)
    #expect(try labels.values(Int8.self) == Self.labels)
    #expect(try hours.values(Float.self) == Self.hours)
    #expect(try places.values(Int64.self) == [0, 2, 4])
    let doubled = try batch.replacing(inputs: [.heartRate: .ones([2, 3, 1, 4]) * 2])
    #expect(try doubled.labelTensor() === labels && doubled.hourTensor() === hours)
    #expect(try doubled.measuredPlaces() === places && batch.labelTensor() === labels)
    let others = batch.replacing(inputs: batch.inputs, labels: [0, -1, 1, -1, 2, -1])
    #expect(try others.labelTensor().values(Int8.self) == [0, -1, 1, -1, 2, -1])
    #expect(try others.hourTensor() === hours && others.labels != batch.labels)
  }
}
