/// Data sets of wrists and headbands, and what other programs have prepared.
let wearLayouts: [Layout] = [
  Layout(
    card: "dod-h",
    files: [
      "dodh/095d6e40-5f19-55b6-a0ec-6e0ad3793da0.h5": .fixture("dodh-1.h5"),
      "dodh/63b799f6-8a4f-4224-8797-ea971f78fb53.h5": .fixture("dodh-2.h5"),
    ],
    nights: [
      dreem("095d6e40-5f19-55b6-a0ec-6e0ad3793da0", stages: "?W123R", eeg: "C3_M2"),
      dreem("63b799f6-8a4f-4224-8797-ea971f78fb53", stages: "WW22R?", eeg: "C3_M2"),
    ]),
  Layout(
    card: "dod-o",
    files: [
      "dodo/0d79f4b1-e74f-4e87-8e42-f9dd7112ada5.h5": .fixture("dodo-1.h5"),
      "dodo/14af4b3f-7b41-48cd-8e39-9f8d0a5a5d9f.h5": .fixture("dodo-2.h5"),
    ],
    nights: [
      dreem("0d79f4b1-e74f-4e87-8e42-f9dd7112ada5", stages: "W1233R", eeg: "C4_M1"),
      dreem("14af4b3f-7b41-48cd-8e39-9f8d0a5a5d9f", stages: "WWW?22", eeg: "C4_M1"),
    ]),
  Layout(
    card: "dreamt",
    files: [
      "data_64Hz/S002_whole_df.csv": .table(wristband(["P", "W", "N1", "N2", "R", "Missing"])),
      "data_64Hz/S003_whole_df.csv": .table(wristband(["P", "P", "W", "N3", "N3", "W"])),
      "participant_info.csv": .text("SID,AGE,GENDER\nS002,50,F\n"),
    ],
    nights: [
      Layout.Night(
        id: "S002_whole_df", subject: "S002", stages: "?W12R?", leads: wristbandLeads,
        warnings: ["S002_whole_df.csv: its times are regular to within 0.625 ms: 16 Hz"]),
      Layout.Night(
        id: "S003_whole_df", subject: "S003", stages: "??W33W", leads: wristbandLeads,
        warnings: ["S003_whole_df.csv: its times are regular to within 0.625 ms: 16 Hz"]),
    ]),
  Layout(
    card: "dreamt-psg",
    files: [
      "data_100Hz/S002_PSG_df.csv": .table(polysomnogram(["W", "W", "N1", "N2", "N3", "R"])),
      "data_100Hz/S003_PSG_df.csv": .table(polysomnogram(["P", "W", "W", "R", "Missing", "N2"])),
    ],
    nights: [
      Layout.Night(
        id: "S002_PSG_df", subject: "S002", stages: "WW123R", leads: polysomnogramLeads,
        warnings: ["S002_PSG_df.csv: its times are regular to within 0.5 ms: 20 Hz"]),
      Layout.Night(
        id: "S003_PSG_df", subject: "S003", stages: "?WWR?2", leads: polysomnogramLeads,
        warnings: ["S003_PSG_df.csv: its times are regular to within 0.5 ms: 20 Hz"]),
    ]),
  Layout(
    card: "bidsleep",
    files: [
      "Bidslab00/1/motion.csv": .table(motion), "Bidslab00/1/hr.csv": .table(beats),
      "Bidslab00/1/labels.mat": .fixture("bidsleep-1.mat"),
      "Bidslab00/2/motion.csv": .table(motion), "Bidslab00/2/hr.csv": .table(beats),
      "Bidslab02/1/motion.csv": .table(motion), "Bidslab02/1/labels.mat": .fixture("bidsleep-2.mat"),
    ],
    nights: [
      watch(
        "Bidslab00", "1", "W123R?", hasBeats: true,
        labels: [
          "labels.mat begins 30.012 s before motion.csv: its stages are moved by -30.012 s",
          "labels.mat: 2 of 7 scored windows of 30 s lie outside motion.csv and are left out",
        ]), watch("Bidslab00", "2", hasBeats: true),
      watch(
        "Bidslab02", "1", "??W22R", hasBeats: false,
        labels: ["labels.mat begins 59.995 s after motion.csv: its stages are moved by 59.995 s"]),
    ],
    notes: [
      "1 of 3 recordings have no label file and no annotations of their own: 'motion.csv'",
      "1 of 3 recordings have no file of the kind 'heart-rate'",
    ]),
  Layout(
    card: "capture-24",
    files: [
      "capture24/P001.csv.gz": .fixture("capture-1.csv.gz"), "capture24/P002.csv.gz": .fixture("capture-2.csv.gz"),
      "capture24/annotation-label-dictionary.csv": .text(
        "annotation,label:Walmsley2020\n7030 sleeping;MET 0.95,sleep\n"),
    ],
    nights: [
      Layout.Night(
        id: "P001", subject: "P001", stages: "???NNN", leads: ["accelerometer": ["x", "y", "z"]],
        warnings: ["P001.csv.gz: its times are regular to within 1 ms: 10 Hz"]),
      Layout.Night(
        id: "P002", subject: "P002", stages: "?WWNNN", leads: ["accelerometer": ["x", "y", "z"]],
        warnings: ["P002.csv.gz: its times are regular to within 1 ms: 10 Hz"]),
    ]),
  Layout(
    card: "deepsleepnet-npz",
    files: ["npz/SC4001E0.npz": .fixture("deep-1.npz"), "npz/SC4011E0.npz": .fixture("deep-2.npz")],
    nights: [
      Layout.Night(
        id: "SC4001E0", subject: "SC00", stages: "W123R2", leads: ["psg": ["EEG Fpz-Cz"]],
        warnings: ["SC4001E0.npz: passed over: 'header_raw' (Python objects)"]),
      Layout.Night(
        id: "SC4011E0", subject: "SC01", stages: "W22233", leads: ["psg": ["EEG Fpz-Cz"]],
        warnings: ["SC4011E0.npz: passed over: 'header_raw' (Python objects)"]),
    ]),
  Layout(
    card: "tinysleepnet-npz",
    files: ["SC4001E0.npz": .fixture("tiny-1.npz"), "SC4002E0.npz": .fixture("tiny-2.npz")],
    nights: [
      Layout.Night(
        id: "SC4001E0", subject: "SC00", stages: "W123RR", leads: ["psg": ["EEG Fpz-Cz"]],
        warnings: ["SC4001E0.npz: passed over: 'start_datetime' (Python objects)"]),
      Layout.Night(
        id: "SC4002E0", subject: "SC00", stages: "W22RRW", leads: ["psg": ["EEG Fpz-Cz"]],
        warnings: ["SC4002E0.npz: passed over: 'start_datetime' (Python objects)"]),
    ]),
]

private func dreem(_ id: String, stages: String, eeg: String) -> Layout.Night {
  Layout.Night(
    id: id, subject: id, stages: stages,
    leads: [
      "psg": ["signals/eeg/\(eeg)", "signals/eog/EOG1", "signals/emg/EMG"], "ecg": ["signals/emg/ECG"],
    ])
}

private func wristband(_ stages: [String]) -> SmallTable {
  SmallTable(
    heading: "TIMESTAMP,BVP,ACC_X,ACC_Y,ACC_Z,TEMP,EDA,HR,IBI,Sleep_Stage,Obstructive_Apnea",
    columns: [
      .wave(level: 0, size: 30), .wave(level: -13, size: 2), .wave(level: 5, size: 2), .wave(level: 60, size: 2),
      .wave(level: 33, size: 0.3), .wave(level: 0.1, size: 0.01), .wave(level: 70, size: 4), .wave(level: 1, size: 0.1),
      .windows(stages), .windows(stages.map { _ in "" }),
    ], rateHz: 16)
}

private let wristbandLeads = [
  "accelerometer": ["ACC_X times 0.015625", "ACC_Y times 0.015625", "ACC_Z times 0.015625"], "heart-rate": ["HR"],
  "ppg": ["BVP"], "temperature": ["TEMP"],
]

private func polysomnogram(_ stages: [String]) -> SmallTable {
  let electrode = SmallTable.Column.wave(level: 0, size: 0.0001)
  return SmallTable(
    heading: "TIMESTAMP,C4-M1,F4-M1,T3 - CZ,CHIN,E1,ECG,THORAX,SAO2,BVP,Sleep_Stage",
    columns: [
      electrode, electrode, electrode, electrode, electrode, .wave(level: 0, size: 0.001), .wave(level: 0, size: 1),
      .wave(level: 95, size: 1), .wave(level: 0, size: 30), .windows(stages),
    ], rateHz: 20)
}

private let polysomnogramLeads = [
  "psg": ["C4-M1", "E1", "CHIN"], "ecg": ["ECG"], "respiration": ["THORAX"], "spo2": ["SAO2"],
]

private let motion = SmallTable(
  heading: "Timestamp,x,y,z",
  columns: [.wave(level: 0, size: 0.1), .wave(level: 0.1, size: 0.1), .wave(level: 0.9, size: 0.1)],
  rateHz: 10, jitterSeconds: 0.02, startSeconds: 1_630_000_000)

private let beats = SmallTable(
  columns: [.wave(level: 60, size: 5)], rateHz: 0.2, startSeconds: 1_630_000_002)

private func watch(
  _ subject: String, _ session: String, _ stages: String = "??????", hasBeats: Bool, labels: [String] = []
) -> Layout.Night {
  var leads = ["accelerometer": ["x", "y", "z"]]
  var warnings = [
    "motion.csv: its times are at no one rate: each sample keeps its own"
  ]
  if hasBeats {
    leads["heart-rate"] = ["heart rate"]
    warnings += [
      "hr.csv: its times are regular to within 50 ms: 0.2 Hz"
    ]
  }
  return Layout.Night(
    id: "\(subject)-\(session)", subject: subject, session: session, stages: stages, leads: leads,
    warnings: warnings + labels)
}
