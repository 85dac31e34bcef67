extension Naming {
  /// Our own names of a module that is the encoder itself: `stems.psg.convolutions.0.weight`.
  public static let withoutEncoder = Naming("our own names, without 'encoder.'") { _ in
    { $0.hasPrefix("encoder.") ? String($0.dropFirst("encoder.".count)) : $0 }
  }
}
