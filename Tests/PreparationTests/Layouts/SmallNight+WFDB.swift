import Foundation

/// A record of WFDB whose samples lie in a MATLAB file, all at one rate and of 1000 steps a unit.
extension SmallNight {
  private static let stepsPerUnit: [String: Float] = ["uV": 20, "mV": 1000, "%": 300]

  private func steps(_ channel: Channel) -> Float { Self.stepsPerUnit[channel.unit] ?? 1000 }

  /// The text of `record.hea`.
  func header(_ record: String) -> String {
    let rate = channels.first?.rateHz ?? 1
    let lines = channels.map {
      "\(record).mat 16+24 \(Int(steps($0)))/\($0.unit) 16 0 0 0 0 \($0.label)\n"
    }
    return "\(record) \(channels.count) \(rate) \(30 * windows * rate)\n" + lines.joined()
  }

  /// The bytes of `record.mat`: of version 4, `val`, a row a channel.
  func matrix(seed: String) -> Data {
    let rows = samples(seed: seed)
    var data = Data()
    func word(_ value: Int) { for shift in [0, 8, 16, 24] { data.append(UInt8(value >> shift & 0xff)) } }
    for value in [30, channels.count, rows.first?.count ?? 0, 0, 4] { word(value) }
    data += Data("val\0".utf8)
    for index in rows.first?.indices ?? 0..<0 {
      for (channel, row) in zip(channels, rows) {
        let value = Int16(row[index] * steps(channel))
        data += [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
      }
    }
    return data
  }
}
