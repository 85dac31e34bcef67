public import Corpora
public import SleepCore
public import Tensors
public import Training

/// A batch of one sensor's windows in plain memory.
public struct PretextWindows: Sendable {
  public let contract: WindowContract
  /// How many.
  public let count: Int
  /// `[count, channels, samples]`, or `[count, rows, columns]`.
  public let values: [Float]
  /// Which windows these are; empty where it is not known.
  public let places: [WindowReference]
  /// A number for each window's subject; empty where it is not known, and then all are of one.
  public let subjects: [Int]
  public let device: Device
  /// The processes that have the same batch and encode it together; `nil` where this one has it alone.
  private let group: ProcessGroup?

  public init(
    contract: WindowContract, count: Int, values: [Float], places: [WindowReference] = [], subjects: [Int] = [],
    device: Device = .cpu, in group: ProcessGroup? = nil
  ) {
    self.group = group
    self.contract = contract
    self.count = count
    self.values = values
    self.places = places
    self.subjects = subjects
    self.device = device
  }

  /// Values of the same contract as a batch for the encoder, `[windows, 1, channels, samples]`.
  public func tensor(_ values: [Float]) throws -> Tensor {
    let size = contract.shape.reduce(1, *)
    return try .sent(values, shape: [values.count / max(1, size), 1] + contract.shape, to: device)
  }

  /// The windows at some positions of the batch, as ``tensor(_:)`` gives them.
  func tensor(at positions: [Int]) throws -> Tensor {
    try tensor(values).select(
      0, indices: .sent(positions.map(Int64.init), shape: [positions.count], to: device))
  }

  /// Which of so many rows of views, or of several times so many, this process's encoder will read: only these need be made.
  func share(of rows: Int) -> RowShare { RowShare(of: rows, in: group, evenly: true) }

  /// The windows of a share of the batch.
  func values(_ share: RowShare) -> [Float] { share.isWhole ? values : values(at: share.positions) }

  /// The windows at some positions of the batch.
  public func values(at positions: [Int]) -> [Float] {
    let size = contract.size
    var result: [Float] = []
    result.reserveCapacity(positions.count * size)
    for position in positions { result += values[(position * size)..<((position + 1) * size)] }
    return result
  }
}

/// A batch of stretches of nights, of all sensors that were recorded together.
public struct PretextNights {
  /// Their windows; they have no labels. Where sensors may be missing, some are left out of some stretches.
  public let batch: DeviceBatch
  /// The same with every sensor that measured.
  public let whole: DeviceBatch
  /// `[batch, length]`: which windows these are; the window of padding is -1.
  public let places: [WindowReference]
  /// Of the sensors, in the order in which their vectors are joined.
  public let contracts: [WindowContract]
  private let profiles: NightProfiles

  /// - Parameter whole: The batch before sensors were left out of it; the batch itself where `nil`.
  public init(
    _ batch: DeviceBatch, whole: DeviceBatch? = nil, places: [WindowReference], contracts: [WindowContract],
    profiles: NightProfiles
  ) {
    self.batch = batch
    self.whole = whole ?? batch
    self.places = places
    self.contracts = contracts
    self.profiles = profiles
  }

  /// What ``NightProfile`` says of each window, `[batch, length, quantities]`; zeros for padding.
  public func profile() throws -> Tensor {
    let width = NightProfile.width(contracts)
    return try Tensor(profiles(places, width: width), shape: [batch.count, batch.length, width]).to(batch.device)
  }

  /// 1 where the sensor of a quantity measured the window, `[batch, length, quantities]`; `nil` where all sensors measured every window that
  /// counts. Of a sensor that was left out the quantities are known.
  public func known() throws -> Tensor? {
    guard whole.measured != nil else { return nil }
    let flags = contracts.map { contract in
      (isThere: whole.isMeasured(by: contract.sensor), width: NightProfile.width([contract]))
    }
    let values = whole.labels.indices.flatMap { window in
      flags.flatMap { [Float](repeating: $0.isThere[window] ? 1 : 0, count: $0.width) }
    }
    return try Tensor(values, shape: [whole.count, whole.length, NightProfile.width(contracts)]).to(whole.device)
  }

  /// 1 where a window counts, `[batch, length, 1]`.
  public func measured() throws -> Tensor {
    try Tensor(batch.mask.map { $0 ? Float(1) : 0 }, shape: [batch.count, batch.length, 1]).to(batch.device)
  }
}
