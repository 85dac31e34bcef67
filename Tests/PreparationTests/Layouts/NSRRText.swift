/// What the National Sleep Research Resource writes beside a night.
enum NSRRText {
  /// A letter's stage as both of its formats write it.
  private static func concept(_ letter: Character) -> (words: String, number: Int) {
    switch letter {
    case "W": ("Wake", 0)
    case "1": ("Stage 1 sleep", 1)
    case "2": ("Stage 2 sleep", 2)
    case "3": ("Stage 3 sleep", 3)
    case "4": ("Stage 4 sleep", 4)
    case "R": ("REM sleep", 5)
    case "M": ("Movement", 6)
    default: ("Unscored", 9)
    }
  }

  /// Annotations of NSRR: a run of equal windows is one event, among others.
  static func nsrr(_ stages: String) -> String {
    func event(_ type: String, _ concept: String, _ start: Int, _ seconds: Int, _ more: String = "") -> String {
      "<ScoredEvent>\n<EventType>\(type)</EventType>\n<EventConcept>\(concept)</EventConcept>\n<Start>\(start)</Start>\n"
        + "<Duration>\(seconds).0</Duration>\n\(more)</ScoredEvent>\n"
    }
    var events = event(
      "", "Recording Start Time", 0, 30 * stages.count, "<ClockTime>01.01.85 22.00.00</ClockTime>\n")
    events += event("Respiratory|Respiratory", "Hypopnea|Hypopnea", 33, 12, "<SignalLocation>Thor</SignalLocation>\n")
    var index = 0
    var rest = stages[...]
    while let first = rest.first {
      let count = rest.prefix { $0 == first }.count
      let (words, number) = concept(first)
      events += event("Stages|Stages", "\(words)|\(number)", 30 * index, 30 * count)
      index += count
      rest = rest.dropFirst(count)
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<PSGAnnotation>\n"
      + "<SoftwareVersion>Compumedics</SoftwareVersion>\n<EpochLength>30</EpochLength>\n<ScoredEvents>\n\(events)"
      + "</ScoredEvents>\n</PSGAnnotation>\n"
  }

  /// Annotations of Profusion: a number a window.
  static func profusion(_ stages: String) -> String {
    let list = stages.map { "<SleepStage>\(concept($0).number)</SleepStage>\n" }.joined()
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CMPStudyConfig>\n<EpochLength>30</EpochLength>\n"
      + "<StepSize>5</StepSize>\n<ScoredEvents></ScoredEvents>\n<SleepStages>\n\(list)</SleepStages>\n</CMPStudyConfig>\n"
  }
}
