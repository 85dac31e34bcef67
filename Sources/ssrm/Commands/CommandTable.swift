extension Command {
  /// Every command, in the order in which they are listed to users.
  static let all: [Command] = [
    .doctor,
    .datasets,
    .models,
    .tasks,
    .encoders,
    .contexts,
    .heads,
    .synthesize,
    .scan,
    .prepare,
    .inspect,
    .pretrain,
    .finetune,
    .evaluate,
    .predict,
    .search,
    .compare,
    .report,
    .embed,
    .cluster,
    .export,
    .import,
    .average,
  ]
}
