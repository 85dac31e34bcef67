import Corpora
import Foundation
import SleepCore

extension ChannelSelection {
  /// A lead that the file does not have as such, made of what it has: `C4-M1` of `C4` and `M1` that were taken at the same times, or of
  /// `M1-C4`, turned over.
  ///
  /// - Returns: `nil` where it cannot be made.
  static func derived(_ name: String, from present: [SelectedChannel]) -> SelectedChannel? {
    let sides = name.split(separator: "-", omittingEmptySubsequences: false)
    guard sides.count == 2, sides.allSatisfy({ !plain(String($0)).isEmpty }) else { return nil }
    func channel(_ name: String) -> SelectedChannel? { present.first { plain($0.channel.name) == plain(name) } }
    if let turned = channel("\(sides[1])-\(sides[0])") {
      return SelectedChannel(
        channel: turned.channel, parts: turned.parts, factor: -turned.factor,
        lead: "\(turned.lead) turned over")
    }
    guard let first = channel(String(sides[0])), let second = channel(String(sides[1])),
      first.channel.unit == second.channel.unit, first.factor == second.factor,
      first.parts.map(\.timing) == second.parts.map(\.timing)
    else { return nil }
    let parts = zip(first.parts, second.parts).map { one, other in
      SelectedChannel.Part(timing: one.timing, samples: zip(one.samples, other.samples).map { $0 - $1 })
    }
    return SelectedChannel(
      channel: Channel(name: name, unit: first.channel.unit), parts: parts, factor: first.factor,
      lead: "\(first.lead) less \(second.lead)")
  }

  /// The names that a lead may be made of, beside its own.
  static func sources(of name: String) -> [String] {
    let sides = name.split(separator: "-").map(String.init)
    return sides.count == 2 ? sides + ["\(sides[1])-\(sides[0])"] : []
  }
}

extension SelectedChannel {
  /// The lead with its rate where it has one.
  var leadWithRate: String {
    guard case .regular(_, let rate)? = parts.first?.timing else { return lead }
    return "\(lead) at \(short((rate * 1e6).rounded() / 1e6)) Hz"
  }
}
