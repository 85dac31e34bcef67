extension Command {
  /// Every command, in the order in which they are listed to users.
  static let all: [Command] = [
    .doctor,
    .datasets,
    .synthesize,
    .prepare,
    .inspect,
    .pretrain,
    .finetune,
    .evaluate,
    .compare,
  ]
}
