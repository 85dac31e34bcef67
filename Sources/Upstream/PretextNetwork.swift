public import Encoders
public import Layers
public import SleepCore
public import Tensors
public import Training

/// What pretext tasks teach: an encoder of windows, and a context that reads a night of their vectors.
public struct PretextNetwork {
  public let encoder: any Encoder
  /// What reads a night of vectors.
  public let reader: NightReader
  /// The windows of a night, in the order in which their vectors are joined.
  public let night: [WindowContract]
  /// The parameters, under `encoder.` and `context.`; those of tasks are added under `tasks.`.
  public let store: ParameterStore
  /// Whether there is a context to be taught.
  public let readsNights: Bool
  /// Whether windows of a night come that some of its sensors did not measure: a flag a sensor then stands behind the joined vectors.
  private let toleratesMissing: Bool
  /// Whether tasks that tell views from each other are taught by all of them; otherwise by windows as they are alone, and the loss of the others
  /// is computed for nothing, as a program does that never steps on it.
  let trainsViews: Bool
  private let copy: (ParameterStore) throws -> PretextNetwork

  /// Makes the parameters.
  ///
  /// - Parameters:
  ///   - inputs: The windows of all sensors that are pretrained on, one contract a sensor.
  ///   - night: Those of them that a recogniser reads together, in its order; all of them where `nil`.
  ///   - toleratesMissing: Whether windows of a night come that some of its sensors did not measure.
  ///   - trainsViews: Whether tasks that tell views from each other are taught by others than windows as they are.
  public init(
    _ store: ParameterStore, encoder: EncoderRecipe, context: ContextRecipe = .init(), inputs: [WindowContract],
    night: [WindowContract]? = nil, toleratesMissing: Bool = false, trainsViews: Bool = true
  ) throws {
    self.trainsViews = trainsViews
    self.toleratesMissing = toleratesMissing
    self.store = store
    self.night = night ?? inputs
    self.encoder = try encoder.make(store.root("encoder"), inputs: inputs)
    if toleratesMissing { try MissingSensors.check(self.encoder) }
    reader = try NightReader(
      store.root("context"), context, inputs: (self.encoder.width + (toleratesMissing ? 1 : 0)) * self.night.count)
    readsNights = !context.isNone
    copy = {
      try PretextNetwork(
        $0, encoder: encoder, context: context, inputs: inputs, night: night, toleratesMissing: toleratesMissing,
        trainsViews: trainsViews)
    }
  }

  /// An encoder that is there already, without a context; it cannot be copied.
  package init(_ store: ParameterStore, encoder: any Encoder) throws {
    (self.store, self.encoder, night) = (store, encoder, encoder.inputs)
    reader = try NightReader(store.root("context"), ContextRecipe(), inputs: encoder.width * encoder.inputs.count)
    (readsNights, toleratesMissing, trainsViews) = (false, false, true)
    copy = { _ in throw EncoderError.recipe("an encoder that no recipe made cannot be copied") }
  }

  /// The same network with another encoder of the same parameters.
  private init(_ other: PretextNetwork, encoder: any Encoder, copy: @escaping (ParameterStore) throws -> PretextNetwork)
  {
    (self.encoder, self.copy) = (encoder, copy)
    (store, night, reader) = (other.store, other.night, other.reader)
    (readsNights, toleratesMissing) = (other.readsNights, other.toleratesMissing)
    trainsViews = other.trainsViews
  }

  /// The same network, and its copies, with windows that are encoded by all processes of a group, each its share.
  public func divided(among group: ProcessGroup) -> PretextNetwork {
    PretextNetwork(self, encoder: DividedEncoder(encoder, across: group)) { try copy($0).divided(among: group) }
  }

  /// The size of a window's joined vectors, with the flags of sensors that may be missing.
  public var vectorWidth: Int { (encoder.width + (toleratesMissing ? 1 : 0)) * night.count }

  /// The joined vectors of a night's windows, `[batch, length, vectorWidth]`.
  public func vectors(_ batch: DeviceBatch, _ mode: Mode) throws -> Tensor {
    let vectors = try batch.vectors(encoder, of: night, mode)
    return toleratesMissing ? try batch.flagged(vectors, of: night.map(\.sensor)) : vectors
  }

  /// What the reader takes of a night's joined vectors without flags, where some sensors are left out of it.
  ///
  /// - Parameters:
  ///   - vectors: `[batch, length, width * sensors]`, of all sensors.
  ///   - batch: The same windows with the sensors that are left.
  /// - Returns: `[batch, length, vectorWidth]`, zeros of what is left out.
  func joined(_ vectors: Tensor, _ batch: DeviceBatch) throws -> Tensor {
    let sensors = night.map(\.sensor)
    return try toleratesMissing ? batch.flagged(vectors, of: sensors) : batch.zeroed(vectors, of: sensors)
  }

  /// The parameters that outlive pretraining.
  var lasting: [ParameterStore.Entry] {
    store.entries.filter { $0.name.hasPrefix("encoder.") || $0.name.hasPrefix("context.") }
  }

  /// A network of the same kind with new weights, in a store of its own.
  func copied() throws -> PretextNetwork { try copy(ParameterStore(seed: 0, device: store.device)) }
}

/// A copy of a network that moves slowly after it, and is taught nothing itself: the teacher of BYOL, DINO and data2vec.
public final class SlowCopy {
  public let network: PretextNetwork
  private let followed: ParameterStore
  private var pairs: [(own: ParameterStore.Entry, followed: ParameterStore.Entry)] = []
  private let momentum: Double

  /// - Parameter momentum: How much of itself the copy keeps in each step.
  public init(of network: PretextNetwork, momentum: Double) throws {
    self.network = try network.copied()
    self.momentum = momentum
    followed = network.store
    try pair(self.network.lasting, with: network.lasting)
  }

  /// Makes a part of a task twice: one that is trained, and one that moves slowly after it as the network's copy does.
  ///
  /// - Parameters:
  ///   - scope: Where the trained one has its parameters, in the store of the network that is followed.
  ///   - make: Makes the part; called twice.
  package func head<Part>(_ scope: Scope, _ make: (Scope) throws -> Part) throws -> (trained: Part, slow: Part) {
    let (made, own) = (followed.entries.count, network.store.entries.count)
    let parts = (try make(scope), try make(network.store.root("heads")(pairs.count)))
    try pair(Array(network.store.entries[own...]), with: Array(followed.entries[made...]))
    return parts
  }

  /// Starts equal, and follows from now on.
  private func pair(_ own: [ParameterStore.Entry], with followed: [ParameterStore.Entry]) throws {
    precondition(own.map(\.tensor.shape) == followed.map(\.tensor.shape), "a copy of the same parameters")
    try network.store.train(.none)
    let added = zip(own, followed).map { ($0, $1) }
    try LibTorch.withoutGradients { for (own, followed) in added { try own.tensor.assign(followed.tensor.detach()) } }
    pairs += added
  }

  /// Moves towards the network; running statistics are taken over.
  public func follow() throws {
    try LibTorch.withoutGradients {
      for (own, followed) in pairs {
        if own.kind == .buffer {
          try own.tensor.assign(followed.tensor.detach())
        } else {
          try own.tensor.scale(by: momentum)
          try own.tensor.add(followed.tensor.detach(), scale: 1 - momentum)
        }
      }
    }
  }
}
