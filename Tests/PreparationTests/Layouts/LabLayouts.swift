import Foundation
import Synthesis

/// Data sets of polysomnograms that their publishers offer by themselves.
let labLayouts: [Layout] = [
  Layout(
    card: "hmc",
    files: [
      "recordings/SN001.edf": .edf(hmc),
      "recordings/SN002.edf": .edf(hmc),
      "recordings/SN001_sleepscoring.edf": .edf(
        SmallNight(annotations: [
          Mark(onsetSeconds: 0, durationSeconds: 30, text: "Sleep stage W"),
          Mark(onsetSeconds: 12, durationSeconds: 0, text: "Lights off@@EEG F4-A1"),
          Mark(onsetSeconds: 30, durationSeconds: 30, text: "Sleep stage N1"),
          Mark(onsetSeconds: 60, durationSeconds: 60, text: "Sleep stage N2"),
          Mark(onsetSeconds: 120, durationSeconds: 30, text: "Sleep stage R"),
        ])),
      "recordings/SN002_sleepscoring.edf": .edf(
        SmallNight(annotations: [
          Mark(onsetSeconds: 0, durationSeconds: 60, text: "Sleep stage W"),
          Mark(onsetSeconds: 60, durationSeconds: 90, text: "Sleep stage N3"),
          Mark(onsetSeconds: 150, durationSeconds: 30, text: "Sleep stage N2"),
        ])),
      "recordings/SN001_sleepscoring.txt": .text(
        "Date, Time, Recording onset, Duration, Annotation, Linked channel\n"
          + "01.01.01, 22.00.00, 0, 30, Sleep stage W, \n"),
      "RECORDS": .text("recordings/SN001.edf\n"),
    ],
    nights: [
      Layout.Night(id: "SN001", subject: "SN001", stages: "W122R?", leads: hmcLeads),
      Layout.Night(id: "SN002", subject: "SN002", stages: "WW3332", leads: hmcLeads),
    ]),
  Layout(
    card: "isruc",
    files: [
      "subgroupI/1/1.rec": .edf(isruc(["C3-A2", "C4-A1", "LOC-A2", "ROC-A1"])),
      "subgroupI/1/1_1.txt": .text("0\n0\n1\n2\n3\n5\n5\n5\n\n\n"),
      "subgroupI/1/1_2.txt": .text("0\n0\n0\n0\n0\n0\n0\n0\n"),
      "subgroupI/40/40.rec": .edf(isruc(["C3", "C4", "A1", "A2", "LOC", "ROC"])),
      "subgroupI/40/40_1.txt": .text("1\n2\n2\n3\n0\n0\n"),
      "subgroupII/1/1/1.rec": .edf(isruc(["C3-M2", "C4-M1", "E1-M2", "E2-M1"])),
      "subgroupII/1/1/1_1.txt": .text("0\n1\n1\n1\n2\n2\n"),
      "subgroupII/1/2/2.rec": .edf(isruc(["C3-M2", "C4-M1", "E1-M2", "E2-M1"])),
      "subgroupII/1/2/2_1.txt": .text("0\n2\n2\n2\n5\n0\n"),
      "subgroupIII/1/1.rec": .edf(isruc(["C3-A2", "C4-A1", "LOC-A2", "ROC-A1"])),
      "subgroupIII/1/1_1.txt": .text("0\n3\n3\n3\n2\n0\n"),
    ],
    nights: [
      Layout.Night(
        id: "subgroupI-1", subject: "subgroupI/1", stages: "WW123R", leads: isrucLeads("C4-A1", "LOC-A2"),
        warnings: ["1_1.txt: 2 of 8 scored windows of 30 s lie outside 1.rec and are left out"]),
      Layout.Night(
        id: "subgroupI-40", subject: "subgroupI/40", stages: "1223WW", leads: isrucLeads("C4 less A1", "LOC less A2")),
      Layout.Night(
        id: "subgroupII-1-1", subject: "subgroupII/1", session: "1", stages: "W11122",
        leads: isrucLeads("C4-M1", "E1-M2")),
      Layout.Night(
        id: "subgroupII-1-2", subject: "subgroupII/1", session: "2", stages: "W222RW",
        leads: isrucLeads("C4-M1", "E1-M2")),
      Layout.Night(
        id: "subgroupIII-1", subject: "subgroupIII/1", stages: "W3332W", leads: isrucLeads("C4-A1", "LOC-A2")),
    ]),
  Layout(
    card: "mass",
    files: [
      "Biosignals_SS1/01-01-0038 PSG.edf": .edf(mass("CLE", chin: ["EMG Chin1", "EMG Chin2", "EMG Chin3"])),
      "Biosignals_SS3/01-03-0001 PSG.edf": .edf(mass("LER", chin: ["EMG Chin"])),
      "Annotations/01-01-0038 Base.edf": .edf(massStages("WW123R", from: 6.5, seconds: 30)),
      "Annotations/01-03-0001 Base.edf": .edf(massStages("?W223R", from: 0, seconds: 30)),
      "Annotations/01-03-0001 Spindles_E1.edf": .edf(
        SmallNight(annotations: [Mark(onsetSeconds: 3, durationSeconds: 1, text: "spindle")])),
    ],
    nights: [
      Layout.Night(
        id: "01-01-0038_PSG", subject: "01-01-0038", stages: "WW123R",
        leads: [
          "psg": ["EEG C4-CLE", "EOG Left Horiz", "EMG Chin1 less EMG Chin2"], "ecg": ["ECG ECGI"],
        ],
        warnings: [
          "01-01-0038_PSG: the scored windows lie 6.5 s beside the windows of the signal: each takes the stage of most of it"
        ]),
      Layout.Night(
        id: "01-03-0001_PSG", subject: "01-03-0001", stages: "?W223R",
        leads: ["psg": ["EEG C4-LER", "EOG Left Horiz", "EMG Chin"], "ecg": ["ECG ECGI"]]),
    ],
    notes: [
      "1 file is of no pattern among the card's files and left out: 'Annotations/01-03-0001 Spindles_E1.edf'"
    ]),
  Layout(
    card: "mass-20s",
    files: [
      "SS2/01-02-0001 PSG.edf": .edf(mass("CLE", chin: ["EMG Chin"])),
      "SS5/01-05-0003 PSG.edf": .edf(mass("CLE", chin: ["EMG Chin"])),
      "SS2/01-02-0001 Base.edf": .edf(massStages("W1W12344R", from: 0, seconds: 20)),
      "SS5/01-05-0003 Base.edf": .edf(massStages("?WW22333R", from: 0, seconds: 20)),
    ],
    nights: [
      Layout.Night(
        id: "01-02-0001_PSG", subject: "01-02-0001", stages: "W1W12333R",
        leads: ["psg": ["EEG C4-CLE", "EOG Left Horiz", "EMG Chin"], "ecg": ["ECG ECGI"]], invalid: 2,
        warnings: [
          "01-02-0001 Base.edf: its stages were scored in windows of 20 s",
          "01-02-0001_PSG: psg is missing in 2 of 9 windows", "01-02-0001_PSG: ecg is missing in 2 of 9 windows",
        ]),
      Layout.Night(
        id: "01-05-0003_PSG", subject: "01-05-0003", stages: "?WW22333R",
        leads: ["psg": ["EEG C4-CLE", "EOG Left Horiz", "EMG Chin"], "ecg": ["ECG ECGI"]], invalid: 2,
        warnings: [
          "01-05-0003 Base.edf: its stages were scored in windows of 20 s",
          "01-05-0003_PSG: psg is missing in 2 of 9 windows", "01-05-0003_PSG: ecg is missing in 2 of 9 windows",
        ]),
    ]),
  Layout(
    card: "dcsm",
    files: [
      "data/sleep/DCSM/tp8cbd54f0_4751/psg.edf": .edf(dcsm(["C3-M2", "C4-M1"])),
      "data/sleep/DCSM/tp8cbd54f0_4751/hypnogram.ids": .text("0,60,W\n60,30,N1\n90,60,N2\n150,30,REM\n"),
      "data/sleep/DCSM/tp9a12b3c4_5555/psg.edf": .edf(dcsm(["C3-M2"])),
      "data/sleep/DCSM/tp9a12b3c4_5555/hypnogram.ids": .text("0,30,UNKNOWN\n30,120,N3\n150,60,W\n"),
    ],
    nights: [
      Layout.Night(
        id: "tp8cbd54f0_4751", subject: "tp8cbd54f0_4751", stages: "WW122R",
        leads: dcsmLeads("C4-M1")),
      Layout.Night(
        id: "tp9a12b3c4_5555", subject: "tp9a12b3c4_5555", stages: "?3333W",
        leads: dcsmLeads("C3-M2")),
    ]),
  Layout(
    card: "ucddb",
    files: [
      "ucddb002.rec": .edf(ucddb(sound: "Sound")),
      "ucddb003.rec": .edf(ucddb(sound: "Soud")),
      // 1 is REM here.
      "ucddb002_stage.txt": .text("0\n2\n3\n4\n5\n1\n"),
      "ucddb003_stage.txt": .text("8\n0\n3\n3\n1\n1\n"),
      "ucddb002_lifecard.edf": .edf(SmallNight(["mV 128": ["chan 1", "chan 2", "chan 3"]])),
      "ucddb002_respevt.txt": .text("Time Type PB/CS Duration\n22:01:00 HYP-C 12\n"),
    ],
    nights: [
      Layout.Night(id: "ucddb002", subject: "002", stages: "W1233R", leads: ucddbLeads),
      Layout.Night(id: "ucddb003", subject: "003", stages: "?W22RR", leads: ucddbLeads),
    ],
    notes: [
      "1 file is of no pattern among the card's files and left out: 'ucddb002_lifecard.edf'"
    ]),
  Layout(
    card: "anphy",
    files: [
      "EPCTL01/EPCTL01.edf": .edf(anphy),
      "EPCTL01/EPCTL01.txt": .text("W\t0\t30\nL\t30\t30\nN1\t60\t30\nN2\t90\t30\nN3\t120\t30\nR\t150\t30\n"),
      "EPCTL16/EPCTL16/EPCTL16.edf": .edf(anphy),
      "EPCTL16/EPCTL16/EPCTL16.txt": .text("L\t0\t30\nW\t30\t30\nN2\t60\t30\nN2\t90\t30\nN3\t120\t30\nN3\t150\t30\n"),
    ],
    nights: [
      Layout.Night(id: "EPCTL01", subject: "EPCTL01", stages: "W?123R", leads: anphyLeads),
      Layout.Night(id: "EPCTL16", subject: "EPCTL16", stages: "?W2233", leads: anphyLeads),
    ]),
  Layout(
    card: "boas",
    files: [
      "participants.tsv": .text("participant_id\tpid\tage\tsex\tbmi\nsub-1\tp1\t33\tF\t21\nsub-2\tp1\t33\tF\t21\n"),
      "sub-1/eeg/sub-1_task-Sleep_acq-psg_eeg.edf": .edf(boas(eog: "PSG_EOGL")),
      "sub-1/eeg/sub-1_task-Sleep_acq-psg_events.tsv": .text(boasEvents("stage_hum", [0, 8, 1, 2, 3, 4])),
      "sub-1/eeg/sub-1_task-Sleep_acq-headband_eeg.edf": .edf(SmallNight(["uV 100": ["HB_1", "HB_2"]])),
      "sub-1/eeg/sub-1_task-Sleep_acq-headband_events.tsv": .text(
        "onset\tduration\tbegsample\tendsample\toffset\tstage_ai\n0\t30\t1\t7680\t0\t-2\n"),
      "sub-2/eeg/sub-2_task-Sleep_acq-psg_eeg.edf": .edf(boas(eog: "PSG_EOG")),
      "sub-2/eeg/sub-2_task-Sleep_acq-psg_events.tsv": .text(boasEvents("stage_hum", [0, 0, 2, 2, 4, 0])),
    ],
    nights: [
      Layout.Night(id: "sub-1_task-Sleep_acq-psg_eeg", subject: "p1", stages: "W?123R", leads: boasLeads("PSG_EOGL")),
      Layout.Night(id: "sub-2_task-Sleep_acq-psg_eeg", subject: "p1", stages: "WW22RW", leads: boasLeads("PSG_EOG")),
    ],
    notes: [
      "1 file is of no pattern among the card's files and left out: 'sub-1/eeg/sub-1_task-Sleep_acq-headband_eeg.edf'"
    ]),
]

/// An entry among the annotations of EDF+.
typealias Mark = EDFWriter.Annotation

private let hmc = SmallNight([
  "uV 128": [
    "EEG F4-M1", "EEG C4-M1", "EEG O2-M1", "EEG C3-M2", "EOG E1-M2", "EOG E2-M2", "EMG chin", "ECG",
  ]
])

private let hmcLeads = ["psg": ["EEG C4-M1", "EOG E1-M2", "EMG chin"], "ecg": ["ECG"]]

private func isruc(_ leads: [String]) -> SmallNight {
  SmallNight(["uV 100": leads + ["X1", "X2", "X3"], "25": ["X4", "DC3"], "% 25": ["SaO2"]])
}

private func isrucLeads(_ eeg: String, _ eog: String) -> [String: [String]] {
  ["psg": [eeg, eog, "X1"], "ecg": ["X2"], "spo2": ["SaO2"]]
}

private func mass(_ reference: String, chin: [String]) -> SmallNight {
  SmallNight([
    "uV 128": ["EEG C3-\(reference)", "EEG C4-\(reference)", "EOG Left Horiz", "EOG Right Horiz", "ECG ECGI"] + chin
  ])
}

/// Stages as annotations, each of its own length.
private func massStages(_ stages: String, from start: Double, seconds: Double) -> SmallNight {
  SmallNight(
    annotations: stages.enumerated().map { index, letter in
      Mark(
        onsetSeconds: start + Double(index) * seconds, durationSeconds: seconds, text: "Sleep stage \(letter)")
    })
}

private func dcsm(_ eeg: [String]) -> SmallNight {
  SmallNight(
    ["uV 128": eeg + ["E1-M2", "E2-M2", "CHIN", "ECG-II"], "32": ["THORAX", "ABDOMEN", "NASAL"], "% 32": ["SPO2"]],
    start: DateComponents(year: 2014, month: 1, day: 2, hour: 22, minute: 0, second: 0))
}

private func dcsmLeads(_ eeg: String) -> [String: [String]] {
  ["psg": [eeg, "E1-M2", "CHIN"], "ecg": ["ECG-II"], "respiration": ["THORAX"], "spo2": ["SPO2"]]
}

private func ucddb(sound: String) -> SmallNight {
  SmallNight([
    "uV 128": ["C3A2", "C4A1"], "uV 64": ["Lefteye", "RightEye", "EMG"], "mV 128": ["ECG"],
    "8": ["ribcage", "abdo", "Sum", "Flow", sound, "BodyPos"], "% 8": ["SpO2"],
  ])
}

private let ucddbLeads = [
  "psg": ["C4A1", "Lefteye", "EMG"], "ecg": ["ECG"], "respiration": ["ribcage"], "spo2": ["SpO2"],
]

private let anphy = SmallNight([
  "uV 250": ["FP1", "F3", "C3", "C4", "FZ", "ZY1", "EOG1", "EOG2", "ChEMG1", "ChEMG2", "ECG1", "ECG2"]
])

private let anphyLeads = ["psg": ["C4", "EOG1", "ChEMG1 less ChEMG2"], "ecg": ["ECG1 less ECG2"]]

private func boas(eog: String) -> SmallNight {
  SmallNight([
    "uV 128": ["PSG_F3", "PSG_C3", "PSG_C4", eog, "PSG_EMG"], "32": ["PSG_THOR", "PSG_ABD"], "% 32": ["PSG_SPO2"],
  ])
}

private func boasEvents(_ column: String, _ codes: [Int]) -> String {
  codes.enumerated().reduce("onset\tduration\tbegsample\tendsample\toffset\t\(column)\tstage_ai\n") { text, row in
    text + "\(30 * row.offset)\t30\t\(1 + 3840 * row.offset)\t\(3840 * (row.offset + 1))\t0\t\(row.element)\t-2\n"
  }
}

private func boasLeads(_ eog: String) -> [String: [String]] {
  ["psg": ["PSG_C4", eog, "PSG_EMG"], "respiration": ["PSG_THOR"], "spo2": ["PSG_SPO2"]]
}
