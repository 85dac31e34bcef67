/// The studies of the National Sleep Research Resource.
let nsrrLayouts: [Layout] = [
  Layout(
    card: "shhs",
    files: [
      "polysomnography/edfs/shhs1/shhs1-200001.edf": .edf(shhs(ecgRateHz: 125)),
      "polysomnography/edfs/shhs1/shhs1-200002.edf": .edf(shhs(ecgRateHz: 125)),
      "polysomnography/edfs/shhs2/shhs2-200001.edf": .edf(shhs(ecgRateHz: 250)),
      "polysomnography/annotations-events-nsrr/shhs1/shhs1-200001-nsrr.xml": .text(NSRRText.nsrr("WW1234")),
      // Where both are there, NSRR's own counts.
      "polysomnography/annotations-events-profusion/shhs1/shhs1-200001-profusion.xml": .text(
        NSRRText.profusion("WWWWWW")),
      "polysomnography/annotations-events-profusion/shhs1/shhs1-200002-profusion.xml": .text(
        NSRRText.profusion("W12RM9")),
      "polysomnography/annotations-events-nsrr/shhs2/shhs2-200001-nsrr.xml": .text(NSRRText.nsrr("W2233R")),
      "datasets/shhs1-dataset-0.21.0.csv": .text("nsrrid,age_s1\n200001,55\n"),
    ],
    nights: [
      Layout.Night(id: "shhs1-200001", subject: "200001", session: "1", stages: "WW1233", leads: shhsLeads),
      Layout.Night(id: "shhs1-200002", subject: "200002", session: "1", stages: "W12R??", leads: shhsLeads),
      Layout.Night(id: "shhs2-200001", subject: "200001", session: "2", stages: "W2233R", leads: shhsLeads),
    ]),
  Layout(
    card: "mesa",
    files: [
      "polysomnography/edfs/mesa-sleep-0001.edf": .edf(mesa),
      "polysomnography/edfs/mesa-sleep-0002.edf": .edf(mesa),
      "polysomnography/annotations-events-nsrr/mesa-sleep-0001-nsrr.xml": .text(NSRRText.nsrr("WW123R")),
      "polysomnography/annotations-events-nsrr/mesa-sleep-0002-nsrr.xml": .text(NSRRText.nsrr("?W22WW")),
      "actigraphy/mesa-sleep-0001.csv": .text("mesaid,line,linetime,offwrist,activity\n1,1,20:00:00,0,12\n"),
      "overlap/mesa-actigraphy-psg-overlap.csv": .text("mesaid,line,linetime,starttime_psg\n1,7,22:00:00,22:00:00\n"),
    ],
    nights: [
      Layout.Night(id: "mesa-sleep-0001", subject: "0001", stages: "WW123R", leads: mesaLeads),
      Layout.Night(id: "mesa-sleep-0002", subject: "0002", stages: "?W22WW", leads: mesaLeads),
    ]),
  Layout(
    card: "mesa-activity",
    files: [
      "polysomnography/edfs/mesa-sleep-0001.edf": .edf(mesa),
      // A night without activity, and one of which nobody says when it began.
      "polysomnography/edfs/mesa-sleep-0002.edf": .edf(mesa),
      "polysomnography/edfs/mesa-sleep-0003.edf": .edf(mesa),
      "actigraphy/mesa-sleep-0003.csv": .text("mesaid,line,linetime,offwrist,activity\n3,1,21:51:00,0,12\n"),
      "polysomnography/annotations-events-nsrr/mesa-sleep-0001-nsrr.xml": .text(NSRRText.nsrr("WW123R")),
      // The polysomnogram begins at the third row: six rows of it follow.
      "actigraphy/mesa-sleep-0001.csv": .text(
        "mesaid,line,linetime,offwrist,activity\n"
          + (1...8).map { "1,\($0),21:5\($0):00,\($0 == 5 ? 1 : 0),\($0 == 5 ? "" : "\(10 * $0)")\n" }.joined()),
      "overlap/mesa-actigraphy-psg-overlap.csv": .text("mesaid,line,linetime,starttime_psg\n1,3,22:00:00,22:00:00\n"),
    ],
    nights: [
      Layout.Night(
        id: "mesa-sleep-0001", subject: "0001", stages: "WW123R", leads: ["activity": ["activity"]],
        warnings: [
          "mesa-sleep-0001: activity of 1 min before it is left out, as 'from_seconds' and 'to_seconds' say"
        ])
    ],
    notes: [
      "2 of 3 recordings have no label file and no annotations of their own: 'mesa-sleep-0002.edf' and 'mesa-sleep-0003.edf'",
      "overlap/mesa-actigraphy-psg-overlap.csv does not say when the 'activity' of 'mesa-sleep-0003' begins: left out",
      "2 of 3 recordings have no 'activity' file, which the card requires, and are passed over: 'mesa-sleep-0002' and 'mesa-sleep-0003'",
    ]),
  Layout(
    card: "mros",
    files: [
      "polysomnography/edfs/visit1/mros-visit1-aa0001.edf": .edf(mros1),
      "polysomnography/edfs/visit1/mros-visit1-aa2033.edf": .edf(
        SmallNight([
          "uV 100": ["C3-A2", "C4-A1", "LOC", "A2", "L Chin-R Chin"], "mV 128": ["ECG L-ECG R"], "16": ["Thoracic"],
        ])),
      "polysomnography/edfs/visit2/mros-visit2-aa0001.edf": .edf(
        SmallNight([
          "uV 100": ["C3", "C4", "M1", "M2", "E1", "E2", "LChin", "RChin"], "mV 128": ["ECGL", "ECGR"],
          "32": ["Chest", "ABD", "Airflow"], "% 1": ["SpO2"],
        ])),
      "polysomnography/edfs/visit2/mros-visit2-aa2033.edf": .edf(
        SmallNight(["mV 128": ["ECGL", "ECGR"], "32": ["Chest"]])),
      "polysomnography/annotations-events-nsrr/visit1/mros-visit1-aa0001-nsrr.xml": .text(NSRRText.nsrr("W1234R")),
      // Known to be another's.
      "polysomnography/annotations-events-nsrr/visit1/mros-visit1-aa2033-nsrr.xml": .text(NSRRText.nsrr("W1234R")),
      "polysomnography/annotations-events-profusion/visit1/mros-visit1-aa2033-profusion.xml": .text(
        NSRRText.profusion("W1234R")),
      "polysomnography/annotations-events-nsrr/visit2/mros-visit2-aa0001-nsrr.xml": .text(NSRRText.nsrr("WW222R")),
      "polysomnography/annotations-events-nsrr/visit2/mros-visit2-aa2033-nsrr.xml": .text(NSRRText.nsrr("WWW222")),
    ],
    nights: [
      Layout.Night(
        id: "mros-visit1-aa0001", subject: "aa0001", session: "1", stages: "W1233R",
        leads: [
          "psg": ["C4 less A1", "LOC less A2", "L Chin less R Chin"], "ecg": ["ECG L less ECG R"],
          "respiration": ["Thoracic"], "spo2": ["SaO2"],
        ]),
      Layout.Night(
        id: "mros-visit1-aa2033", subject: "aa2033", session: "1", stages: "??????",
        leads: [
          "psg": ["C4-A1", "LOC less A2", "L Chin-R Chin"], "ecg": ["ECG L-ECG R"], "respiration": ["Thoracic"],
        ]),
      Layout.Night(
        id: "mros-visit2-aa0001", subject: "aa0001", session: "2", stages: "WW222R",
        leads: [
          "psg": ["C4 less M1", "E1 less M2", "LChin less RChin"], "ecg": ["ECGL less ECGR"], "respiration": ["Chest"],
          "spo2": ["SpO2"],
        ]),
      Layout.Night(
        id: "mros-visit2-aa2033", subject: "aa2033", session: "2", stages: "WWW222",
        leads: ["ecg": ["ECGL less ECGR"], "respiration": ["Chest"]]),
    ],
    notes: [
      "1 of 4 recordings have no label file and no annotations of their own: 'mros-visit1-aa2033.edf'"
    ]),
  Layout(
    card: "cfs",
    files: [
      "polysomnography/edfs/cfs-visit5-800002.edf": .edf(cfs(["uV 100": ["M1", "M2"], "32": ["PlethWV"]])),
      "polysomnography/edfs/cfs-visit5-800017.edf": .edf(cfs(["uV 100": ["A1", "A2"]])),
      "polysomnography/annotations-events-nsrr/cfs-visit5-800002-nsrr.xml": .text(NSRRText.nsrr("WW1234")),
      "polysomnography/annotations-events-profusion/cfs-visit5-800017-profusion.xml": .text(
        NSRRText.profusion("W122RR")),
      "datasets/cfs-visit5-dataset-0.7.0.csv": .text("nsrrid,familyi,age\n800002,101,40\n800017,101,12\n"),
    ],
    nights: [
      Layout.Night(
        id: "cfs-visit5-800002", subject: "800002", group: "101", session: "5", stages: "WW1233",
        leads: [
          "psg": ["C4 less M1", "LOC less M2", "EMG1 less EMG2"], "ecg": ["ECG1 less ECG2"],
          "respiration": ["THOR EFFORT"], "ppg": ["PlethWV"], "spo2": ["SpO2"],
        ]),
      Layout.Night(
        id: "cfs-visit5-800017", subject: "800017", group: "101", session: "5", stages: "W122RR",
        leads: [
          "psg": ["C4 less A1", "LOC less A2", "EMG1 less EMG2"], "ecg": ["ECG1 less ECG2"],
          "respiration": ["THOR EFFORT"], "spo2": ["SpO2"],
        ]),
    ],
    notes: [
      "2 subjects belong to 1 group by datasets/cfs-visit5-dataset-0.7.0.csv: people of one group stand on one side of a split"
    ]),
  Layout(
    card: "ccshs",
    files: [
      "polysomnography/edfs/ccshs-trec-1800001.edf": .edf(ccshs),
      "polysomnography/edfs/ccshs-trec-1800002.edf": .edf(ccshs),
      "polysomnography/annotations-events-nsrr/ccshs-trec-1800001-nsrr.xml": .text(NSRRText.nsrr("W1233R")),
      "polysomnography/annotations-events-nsrr/ccshs-trec-1800002-nsrr.xml": .text(NSRRText.nsrr("WM2234")),
    ],
    nights: [
      Layout.Night(id: "ccshs-trec-1800001", subject: "1800001", stages: "W1233R", leads: ccshsLeads),
      Layout.Night(id: "ccshs-trec-1800002", subject: "1800002", stages: "W?2233", leads: ccshsLeads),
    ]),
  Layout(
    card: "sof",
    files: [
      "polysomnography/edfs/sof-visit-8-07853.edf": .edf(sof(chin: ["L Chin", "R Chin"])),
      "polysomnography/edfs/sof-visit-8-00012.edf": .edf(sof(chin: ["EMG/L", "EMG/R"])),
      "polysomnography/annotations-events-nsrr/sof-visit-8-07853-nsrr.xml": .text(NSRRText.nsrr("WW1234")),
      "polysomnography/annotations-events-nsrr/sof-visit-8-00012-nsrr.xml": .text(NSRRText.nsrr("W22RR?")),
    ],
    nights: [
      Layout.Night(
        id: "sof-visit-8-00012", subject: "00012", session: "8", stages: "W22RR?",
        leads: sofLeads(chin: "EMG/L less EMG/R")),
      Layout.Night(
        id: "sof-visit-8-07853", subject: "07853", session: "8", stages: "WW1233",
        leads: sofLeads(chin: "L Chin less R Chin")),
    ]),
  Layout(
    card: "abc",
    files: [
      "polysomnography/edfs/baseline/abc-baseline-900001.edf": .edf(abc),
      "polysomnography/edfs/month09/abc-month09-900001.edf": .edf(abc),
      "polysomnography/edfs/baseline/abc-baseline-900002.edf": .edf(abc),
      "polysomnography/annotations-events-nsrr/baseline/abc-baseline-900001-nsrr.xml": .text(NSRRText.nsrr("WW123R")),
      "polysomnography/annotations-events-nsrr/month09/abc-month09-900001-nsrr.xml": .text(NSRRText.nsrr("W1122R")),
      "polysomnography/annotations-events-nsrr/baseline/abc-baseline-900002-nsrr.xml": .text(NSRRText.nsrr("WWW1?2")),
    ],
    nights: [
      Layout.Night(
        id: "abc-baseline-900001", subject: "900001", session: "baseline", stages: "WW123R", leads: abcLeads),
      Layout.Night(
        id: "abc-baseline-900002", subject: "900002", session: "baseline", stages: "WWW1?2", leads: abcLeads),
      Layout.Night(id: "abc-month09-900001", subject: "900001", session: "month09", stages: "W1122R", leads: abcLeads),
    ]),
]

private func shhs(ecgRateHz: Int) -> SmallNight {
  SmallNight([
    "uV 125": ["EEG(sec)", "EMG", "EEG"], "uV 50": ["EOG(L)", "EOG(R)"], "mV \(ecgRateHz)": ["ECG"],
    "10": ["THOR RES", "ABDO RES", "NEW AIR"], "% 1": ["SaO2"], "1": ["H.R.", "POSITION", "LIGHT", "OX stat"],
  ])
}

private let shhsLeads = [
  "ecg": ["ECG"], "respiration": ["THOR RES"], "psg": ["EEG", "EOG(L)", "EMG"], "spo2": ["SaO2"],
]

private let mesa = SmallNight([
  "uV 128": ["EKG", "EEG1", "EEG2", "EEG3", "EOG-L", "EOG-R", "EMG", "EEG3_Off", "EKG_Off", "EOG-L_Off"],
  "32": ["Thor", "Abdo", "Flow", "Snore", "Pleth"], "% 1": ["SpO2"], "1": ["HR", "OxStatus", "Pos"],
])

private let mesaLeads = [
  "ecg": ["EKG"], "respiration": ["Thor"], "psg": ["EEG3", "EOG-L", "EMG"], "ppg": ["Pleth"], "spo2": ["SpO2"],
]

private let mros1 = SmallNight([
  "uV 100": ["C3", "C4", "A1", "A2", "LOC", "ROC", "L Chin", "R Chin"], "mV 128": ["ECG L", "ECG R"],
  "16": ["Thoracic", "Abdominal", "Airflow"], "% 1": ["SaO2"], "1": ["HR", "STAT", "Leg L"],
])

private func cfs(_ more: [String: [String]]) -> SmallNight {
  SmallNight(
    [
      "uV 100": ["C3", "C4", "LOC", "ROC"], "uV 128": ["EMG1", "EMG2", "EMG3"], "mV 128": ["ECG1", "ECG2"],
      "32": ["THOR EFFORT", "ABDO EFFORT", "AIRFLOW"], "% 1": ["SpO2"], "1": ["PULSE", "POSITION", "Light"],
    ].merging(more) { $0 + $1 })
}

private let ccshs = SmallNight([
  "uV 100": ["C3", "C4", "A1", "A2", "LOC", "ROC", "EMG1", "EMG2", "EMG3"], "mV 128": ["ECG1", "ECG2"],
  "32": ["THOR EFFORT", "ABDO EFFORT", "SUM", "AIRFLOW", "PlethWV"], "% 1": ["SpO2"], "1": ["PULSE", "Light"],
])

private let ccshsLeads = [
  "psg": ["C4 less A1", "LOC less A2", "EMG1 less EMG2"], "ecg": ["ECG1 less ECG2"], "respiration": ["THOR EFFORT"],
  "ppg": ["PlethWV"], "spo2": ["SpO2"],
]

private func sof(chin: [String]) -> SmallNight {
  SmallNight([
    "uV 128": ["C3", "C4", "A1", "A2", "LOC", "ROC"] + chin, "mV 128": ["ECG1", "ECG2"],
    "16": ["Thoracic", "Abdominal", "Airflow"], "% 1": ["SAO2"], "1": ["HR", "STAT"],
  ])
}

private func sofLeads(chin: String) -> [String: [String]] {
  [
    "psg": ["C4 less A1", "LOC less A2", chin], "ecg": ["ECG1 less ECG2"], "respiration": ["Thoracic"],
    "spo2": ["SAO2"],
  ]
}

private let abc = SmallNight([
  "uV 128": ["F3", "F4", "C3", "C4", "M1", "M2", "E1", "E2", "Chin1", "Chin2", "Chin3"], "mV 128": ["ECG1", "ECG2"],
  "32": ["Thor", "Abdo", "Sum", "Airflow", "Nasal Pressure", "Pleth"], "% 16": ["SpO2"],
])

private let abcLeads = [
  "psg": ["C4 less M1", "E1 less M2", "Chin1 less Chin2"], "ecg": ["ECG1 less ECG2"], "respiration": ["Thor"],
  "ppg": ["Pleth"], "spo2": ["SpO2"],
]
