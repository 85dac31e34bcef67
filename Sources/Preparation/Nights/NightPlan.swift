package import Corpora
package import SleepCore

/// What a sleeper does in a night that is composed: which frames of which posture are played, one hold after the other.
package struct NightPlan: Equatable {
  /// One posture, held for some time.
  package struct Hold: Equatable {
    package let posture: Posture
    /// The frames that are played, by their places among the person's.
    package let frames: [Int]
    /// Mixtures between the hold before and this one; 0 of a night's first.
    package let blends: Int

    package init(posture: Posture, frames: [Int], blends: Int) {
      (self.posture, self.frames, self.blends) = (posture, frames, blends)
    }
  }

  package let holds: [Hold]

  package init(holds: [Hold]) { self.holds = holds }

  /// The plans of all nights of a person: the same for the same frames, settings and subject.
  package static func nights(of person: PersonFrames, subject: Subject, _ settings: NightComposition) -> [NightPlan] {
    var random = RandomSource(seed: settings.seed, for: "nights of \(subject.id)")
    var sleeper = Sleeper(person.stretches.keys, settings)
    let rate = person.frames.framesPerSecond ?? 1
    func frames(_ seconds: [Double], atLeast least: Int) -> Int {
      max(least, Int((Double.random(in: seconds[0]...seconds[1], using: &random) * rate).rounded()))
    }
    return (0..<settings.nights).map { _ in
      sleeper.getsUp()
      return NightPlan(
        holds: (0..<settings.holds).map { number in
          let posture = sleeper.turns(&random)
          let stretch = place(in: person.stretches[posture] ?? [], &random)
          let played = played(
            in: stretch.range, from: stretch.start, forwards: Bool.random(using: &random),
            count: frames(settings.holdSeconds, atLeast: 1))
          let blends = frames(settings.transitionSeconds, atLeast: 0)
          return Hold(posture: posture, frames: played, blends: number == 0 ? 0 : blends)
        })
    }
  }

  /// A random frame of some stretches, each as likely, and the stretch that it lies in.
  private static func place(
    in stretches: [Range<Int>], _ random: inout RandomSource
  ) -> (range: Range<Int>, start: Int) {
    var left = Int.random(in: 0..<max(1, stretches.map(\.count).reduce(0, +)), using: &random)
    for range in stretches {
      if left < range.count { return (range, range.lowerBound + left) }
      left -= range.count
    }
    preconditionFailure("a posture has frames")
  }

  /// Neighbouring frames from a place on, which turn back at both ends of a stretch; a single frame stays.
  package static func played(in stretch: Range<Int>, from start: Int, forwards: Bool, count: Int) -> [Int] {
    var (frame, step) = (start, forwards ? 1 : -1)
    return (0..<count).map { _ in
      defer {
        if !stretch.contains(frame + step) { step = -step }
        if stretch.contains(frame + step) { frame += step }
      }
      return frame
    }
  }
}

/// Chooses the next posture, as ``NightComposition`` says.
package struct Sleeper {
  private let postures: [Posture]
  private let recur: Double
  private let memory: Int
  /// How often each was held, over all nights.
  private var held: [Posture: Int] = [:]
  /// The postures of this night, the last one first, each once.
  private var recent: [Posture] = []

  /// - Precondition: Two postures at least.
  package init(_ postures: some Sequence<Posture>, _ settings: NightComposition) {
    self.postures = postures.sorted { $0.rawValue < $1.rawValue }
    recur = settings.recur
    memory = settings.memory
  }

  /// From now on it is another night.
  package mutating func getsUp() { recent = [] }

  /// The posture that is held next, never the one that is held now.
  package mutating func turns(_ random: inout RandomSource) -> Posture {
    let others = postures.filter { $0 != recent.first }
    let before = recent.dropFirst().prefix(memory)
    let returns = Double.random(in: 0..<1, using: &random) < recur
    let least = others.map { held[$0, default: 0] }.min()
    let rarest = others.filter { held[$0, default: 0] == least }
    guard let next = (returns && !before.isEmpty ? Array(before) : rarest).randomElement(using: &random) else {
      preconditionFailure("two postures at least")
    }
    held[next, default: 0] += 1
    recent.removeAll { $0 == next }
    recent.insert(next, at: 0)
    return next
  }
}
