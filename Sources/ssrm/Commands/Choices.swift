import Downstream
import Encoders
import Metrics
import SleepCore
import Streams
import Upstream

/// What recipes choose by its name: a command a registry.
extension Command {
  static let tasks = choices(
    "tasks", of: PretextTasks.self, called: ("pretext task", "pretext tasks"), example: "contrast",
    discussion: """
      A recipe takes them by 'pretraining: {tasks: [{task: NAME}]}', as many as wanted. The metric is what pretraining reports \
      beside the loss, and chance what a model that knows nothing reaches. Tasks of nights teach a context, too.
      """,
    line: { "pretraining: {tasks: [\($0)]}" }
  ) { try TaskRecipe(named: $0.name) }

  static let encoders = choices(
    "encoders", of: Encoders.self, called: ("encoder", "encoders"), example: "shared",
    discussion:
      "A recipe takes one by 'encoder: {kind: NAME}'. It turns each window into a vector, and is what pretraining teaches.",
    line: { "encoder: \($0)" }
  ) { EncoderRecipe($0) }

  static let contexts = choices(
    "contexts", of: Contexts.self, called: ("context", "contexts"), example: "transformer",
    discussion: """
      A recipe takes one by 'context: {kind: NAME}'. It reads the vectors of a night between the encoder and the head, and is \
      pretrained by tasks of nights.
      """,
    line: { "context: \($0)" }
  ) { kind in
    var recipe = ContextRecipe()
    recipe.choice = Choice(kind)
    return recipe
  }

  static let heads = choices(
    "heads", of: Heads.self, called: ("head", "heads"), example: "bilstm",
    discussion:
      "A recipe takes one by 'head: {kind: NAME}'. It turns vectors into the scores of classes, and learns from labels alone.",
    line: { "head: \($0)" }
  ) { HeadRecipe(Choice($0)) }

  /// The command that lists the things of a registry, and says what one may be told.
  ///
  /// - Parameters:
  ///   - called: What one of them is, and several.
  ///   - line: The line of a recipe that takes one, made of its part in braces.
  ///   - part: A recipe's part that takes it, with its defaults.
  private static func choices<Kinds: Registry>(
    _ name: String, of kinds: Kinds.Type, called: (one: String, several: String), example: String, discussion: String,
    line: @escaping @Sendable (String) -> String,
    part: @escaping @Sendable (any Choosable.Type) throws -> any Ranged
  ) -> Command {
    Command(
      name, .setup, "List the \(called.several), or the options of one", discussion: discussion,
      operands: [Operand("name", "The name of one, to see its options.", isRequired: false)],
      options: [.flag("json", "Prints everything as JSON.")],
      examples: [
        Example("What is there?", "ssrm \(name)"), Example("What may it be told?", "ssrm \(name) \(example)"),
      ]
    ) { arguments in
      if let name = arguments.operands("name").first {
        guard let kind = Kinds.all.first(where: { $0.name == name }) else {
          throw UsageError.unknownName(kind: called.one, name, known: Kinds.names)
        }
        let entry = ChoiceEntry(kind, settings: try part(kind).outline, key: Kinds.key, line: line)
        if arguments.has("json") { return try JSONOutput.print(entry) }
        return try StandardOutput.write(entry.text)
      }
      let entries = try Kinds.all.map {
        ChoiceEntry($0, settings: try part($0).outline, key: Kinds.key, line: line)
      }
      if arguments.has("json") { return try JSONOutput.print(entries) }
      try StandardOutput.write(ChoiceEntry.table(entries, called: called.one))
    }
  }
}

/// One thing that recipes choose, as it is shown.
private struct ChoiceEntry: Encodable {
  /// What is said of pretext tasks alone.
  struct Task: Encodable {
    /// What a batch is of: `windows` or `nights`.
    let over: String
    let sensors: [Sensor]
    let metric: String
    let chance: String
    let paper: String
  }

  let name: String
  let summary: String
  let task: Task?
  let options: [Setting]
  /// A line of a recipe that takes it.
  let example: String

  static let width = 80

  init(_ kind: any Choosable.Type, settings: [Setting], key: String, line: (String) -> String) {
    name = kind.name
    summary = kind.summary
    task = (kind as? any PretextTask.Type).map(Task.init)
    options = settings
    let shown = settings.lazy.filter { !$0.key.contains(".") }.prefix(2).compactMap { setting in
      setting.value.map { "\(setting.key): \($0)" }
    }
    example = line("{" + (["\(key): \(kind.name)"] + shown).joined(separator: ", ") + "}")
  }

  /// What there is: of a pretext task what it asks and where it is from, below its row.
  static func table(_ entries: [ChoiceEntry], called name: String) -> String {
    guard entries.contains(where: { $0.task != nil }) else {
      var table = TextTable([name, "what it is"], words: [0, 1])
      for entry in entries { table.append([entry.name, entry.summary]) }
      return table.text(width: width)
    }
    var table = TextTable([name, "over", "sensors", "metric", "chance"], words: [0, 1, 2, 3, 4])
    for entry in entries {
      guard let task = entry.task else { continue }
      let isLimited = task.sensors.count < Sensor.allCases.count
      let sensors = isLimited ? "\(task.sensors.count) of \(Sensor.allCases.count)" : "all"
      table.append(
        [entry.name, task.over, sensors, task.metric, task.chance],
        notes: [entry.summary, task.paper] + (isLimited ? ["sensors: \(task.sensorNames)"] : []))
    }
    return table.text(width: width)
  }

  /// What it does, and what it may be told.
  var text: String {
    var lines = ["\(name): \(summary)"]
    if let task {
      lines += [
        "over \(task.over) of \(task.sensorNames)", "metric: \(task.metric), chance: \(task.chance)",
        "paper: \(task.paper)",
      ]
    }
    var text = lines.flatMap { $0.lines(width: Self.width) }.map { $0 + "\n" }.joined()
    if !options.isEmpty {
      var table = TextTable(["option", "default", "may be"], words: [0, 2])
      for option in options { table.append([option.key, option.value ?? "left out", option.allowed]) }
      text += "\n" + table.text(width: Self.width)
    }
    return text + "\nin a recipe:\n  \(example)\n"
  }
}

extension ChoiceEntry.Task {
  init(_ kind: any PretextTask.Type) {
    over = kind is any NightTask.Type ? "nights" : "windows"
    sensors = Sensor.allCases.filter { kind.serves($0) }
    metric = kind.metricName
    chance = kind.chance
    paper = kind.paper
  }

  fileprivate var sensorNames: String {
    sensors.count == Sensor.allCases.count ? "all sensors" : sensors.map(\.rawValue).joined(separator: ", ")
  }
}
