import Foundation

/// Data sets whose stages go by the clock, or by marks among others.
let clockLayouts: [Layout] = [
  Layout(
    card: "cap",
    files: [
      "n1.edf": .edf(
        SmallNight(
          [
            "uV 100": ["C4-A1", "F4-C4", "ROC-LOC", "EMG1-EMG2"], "uV 128": ["ECG1-ECG2"],
            "32": ["TORACE", "ADDOME", "PLETH"], "% 1": ["SAO2"],
          ], start: DateComponents(year: 2001, month: 1, day: 1, hour: 22, minute: 0, second: 0))),
      "n1.txt": .text(
        export([
          "W\tUnknown Position\t22:00:00\tSLEEP-S0\t30\tROC-LOC",
          "S1\tUnknown Position\t22:00:30\tSLEEP-S1\t30\tROC-LOC",
          "S2\tUnknown Position\t22:01:00\tSLEEP-S2\t30\tROC-LOC",
          "S2\tUnknown Position\t22:01:07\tMCAP-A1\t4\tEEG-C4-A1",
          "S4\tUnknown Position\t22:01:30\tSLEEP-S4\t30\tROC-LOC",
          "R\tUnknown Position\t22:02:30\tSLEEP-REM\t30\tROC-LOC",
        ])),
      "ins2.edf": .edf(
        SmallNight(
          ["uV 128": ["C4A1", "LOC-ROC", "CHIN1", "CHIN2", "ekg"], "10": ["toracico"]],
          start: DateComponents(year: 2001, month: 1, day: 1, hour: 23, minute: 59, second: 0))),
      "ins2.txt": .text(
        export([
          "W\tUnknown Position\t23.59.30\tSLEEP-S0\t30\tROC-LOC",
          "S2\tUnknown Position\t00.00.00\tSLEEP-S2\t30\tROC-LOC",
          "S2\tUnknown Position\t00.00.30\tSLEEP-S2\t30\tROC-LOC",
          "MT\tUnknown Position\t00.01.00\tSLEEP-MT\t30\tROC-LOC",
        ])),
      "gender-age.xlsx": .text("PK\u{3}\u{4}"),
    ],
    nights: [
      Layout.Night(
        id: "ins2", subject: "ins2", stages: "?W22??",
        leads: [
          "psg": ["C4A1", "LOC-ROC turned over", "CHIN1 less CHIN2"], "ecg": ["ekg"], "respiration": ["toracico"],
        ], warnings: ["ins2.txt begins 30 s after ins2.edf: its stages are moved by 30 s"]),
      Layout.Night(
        id: "n1", subject: "n1", stages: "W123?R",
        leads: [
          "psg": ["C4-A1", "ROC-LOC", "EMG1-EMG2"], "ecg": ["ECG1-ECG2"], "respiration": ["TORACE"], "ppg": ["PLETH"],
          "spo2": ["SAO2"],
        ], warnings: ["n1.txt: 1 text names no known stage and is passed over: 'MCAP-A1' (1)"]),
    ]),
  Layout(
    card: "hsp",
    files: [
      "PSG/bids/S0001/sub-S0001111189075/ses-1/eeg/sub-S0001111189075_ses-1_task-psg_eeg.edf": .edf(hsp),
      "PSG/bids/S0001/sub-S0001111189075/ses-1/eeg/sub-S0001111189075_ses-1_task-psg_annotations.csv": .text(
        "epoch,time,duration,event\n1,22:00:00,,Recording_Start\n1,22:00:00,30,Sleep_stage_W\n"
          + "2, 22:00:30.00,30,Sleep_stage_N1\n2,22:00:41,12.5,RespEvent - Hypopnea\n3,22:01:00,,Sleep_stage_2\n"
          + "4,22:01:30,,Sleep_stage_N3\n5,22:02:00,30,Sleep_stage_?\n6,22:02:30,30,Sleep_stage_R\n"),
      "PSG/bids/S0001/sub-S0001111189075/ses-1/eeg/sub-S0001111189075_ses-1_task-psg_pre.csv": .text("a,b\n"),
      "PSG/bids/S0001/sub-S0001111189075/ses-2/eeg/sub-S0001111189075_ses-2_task-psg_eeg.edf": .edf(hsp),
      "PSG/bids/S0001/sub-S0001111189075/ses-2/eeg/sub-S0001111189075_ses-2_task-psg_annotations.csv": .text(
        "epoch,time,duration,event\n1,22:00:00,30,Stage - W\n2,22:00:30,30,Stage - N2\n3,22:01:00,30,Stage - N2\n"),
      "PSG/bids/S0001/sub-S0001111190000/ses-1/eeg/sub-S0001111190000_ses-1_task-psg_eeg.edf": .edf(hsp),
      "PSG/bids/S0001/sub-S0001111190000/ses-1/eeg/sub-S0001111190000_ses-1_task-psg_annotations.csv": .text(
        "epoch,time,duration,event\n1,22:00:00,30,Sleep_stage_W\n2,22:00:30,30,Sleep_stage_R\n"),
    ],
    nights: [
      Layout.Night(
        id: "sub-S0001111189075_ses-1_task-psg_eeg", subject: "S0001111189075", session: "1", stages: "W123?R",
        leads: hspLeads,
        warnings: [
          "sub-S0001111189075_ses-1_task-psg_annotations.csv: 1 text names no known stage and is passed over: "
            + "'RespEvent - Hypopnea' (1)"
        ]),
      Layout.Night(
        id: "sub-S0001111189075_ses-2_task-psg_eeg", subject: "S0001111189075", session: "2", stages: "W22???",
        leads: hspLeads),
      Layout.Night(
        id: "sub-S0001111190000_ses-1_task-psg_eeg", subject: "S0001111190000", session: "1", stages: "WR????",
        leads: hspLeads),
    ]),
  Layout(
    card: "hsp-i0002",
    files: [
      "PSG/bids/I0002/sub-I0002150000001/ses-1/eeg/sub-I0002150000001_ses-1_task-PSG_eeg.edf": .edf(hsp2),
      "PSG/bids/I0002/sub-I0002150000001/ses-1/eeg/sub-I0002150000001_ses-1_task-psg_sleep_annotations.csv": .text(
        "Epoch,Stage,HR\n1,L,60\n2,W,61\n3,N2,60\n4,MT,60\n5,R,60\n6,X,60\n"),
      "PSG/bids/I0002/sub-I0002150000001/ses-1/eeg/sub-I0002150000001_ses-1_task-psg_events_annotations.csv": .text(
        "Record Time,Type,Description\n0:01:00,Arousal,\n"),
      "PSG/bids/I0002/sub-I0002150000002/ses-1/eeg/sub-I0002150000002_ses-1_task-PSG_eeg.edf": .edf(hsp2),
      "PSG/bids/I0002/sub-I0002150000002/ses-1/eeg/sub-I0002150000002_ses-1_task-psg_sleep_annotations.csv": .text(
        "Epoch,Stage\n1,W\n2,N1\n3,\n4,N3\n5,N3\n6,W\n"),
    ],
    nights: [
      Layout.Night(
        id: "sub-I0002150000001_ses-1_task-PSG_eeg", subject: "I0002150000001", session: "1", stages: "?W2?R?",
        leads: hsp2Leads),
      Layout.Night(
        id: "sub-I0002150000002_ses-1_task-PSG_eeg", subject: "I0002150000002", session: "1", stages: "W1?33W",
        leads: hsp2Leads),
    ]),
  Layout(
    card: "physionet-2018",
    files: [
      "training/tr03-0005/tr03-0005.hea": .text(challenge.header("tr03-0005")),
      "training/tr03-0005/tr03-0005.mat": .matrix(challenge),
      "training/tr03-0005/tr03-0005.arousal": .marks([
        (30, "W"), (60, "N1"), (70, "(resp_hypopnea"), (85, "resp_hypopnea)"), (90, "N2"), (150, "R"),
      ]),
      "training/tr03-0029/tr03-0029.hea": .text(challenge.header("tr03-0029")),
      "training/tr03-0029/tr03-0029.mat": .matrix(challenge),
      "training/tr03-0029/tr03-0029.arousal": .marks([
        (0, "W"), (30, "W"), (60, "N2"), (90, "N2"), (120, "N3"), (150, "N3"),
      ]),
      "test/te03-0024/te03-0024.hea": .text(challenge.header("te03-0024")),
      "test/te03-0024/te03-0024.mat": .matrix(challenge),
      "age-sex.csv": .text("Record,Age,Sex\ntr03-0005,56,F\n"),
    ],
    nights: [
      Layout.Night(id: "te03-0024", subject: "te03-0024", stages: "??????", leads: challengeLeads),
      Layout.Night(
        id: "tr03-0005", subject: "tr03-0005", stages: "?W122R", leads: challengeLeads,
        warnings: [
          "tr03-0005.arousal: its stages do not follow each other by 30 s: each lasts until the next, the last one 30 s",
          "tr03-0005.arousal: 2 marks of events such as '(resp_hypopnea' are passed over",
        ]),
      Layout.Night(id: "tr03-0029", subject: "tr03-0029", stages: "WW2233", leads: challengeLeads),
    ],
    notes: [
      "1 of 3 recordings have no label file and no annotations of their own: 'te03-0024.hea'"
    ]),
]

/// An export of a scoring program with rows of its table.
private func export(_ rows: [String]) -> String {
  "RemLogic Event Export\nPatient:\tn\nRecording Date:\t01/01/2001\n\nEvents Included:\nSLEEP-S0\nSLEEP-REM\n\n"
    + "Sleep Stage\tPosition\tTime [hh:mm:ss]\tEvent\tDuration[s]\tLocation\n" + rows.joined(separator: "\n") + "\n"
}

private let hsp = SmallNight([
  "V 100": ["C3-M2", "C4-M1", "E1-M2", "CHIN1-CHIN2", "EKG"], "32": ["CHEST", "ABD", "PTAF"], "% 10": ["SaO2"],
])

private let hspLeads = [
  "psg": ["C4-M1", "E1-M2", "CHIN1-CHIN2"], "ecg": ["EKG"], "respiration": ["CHEST"], "spo2": ["SaO2"],
]

private let hsp2 = SmallNight([
  "V 100": ["C3-M2", "C4-M1", "E1", "E2", "Chin", "ECG"], "32": ["THORACIC", "ABDOMINAL", "PLETH"],
])

private let hsp2Leads = [
  "psg": ["C4-M1", "E1", "Chin"], "ecg": ["ECG"], "respiration": ["THORACIC"], "ppg": ["PLETH"],
]

private let challenge = SmallNight([
  "uV 200": ["F3-M2", "C4-M1", "E1-M2", "Chin1-Chin2", "ABD", "CHEST", "AIRFLOW"], "mV 200": ["ECG"],
  "% 200": ["SaO2"],
])

private let challengeLeads = [
  "psg": ["C4-M1", "E1-M2", "Chin1-Chin2"], "ecg": ["ECG"], "respiration": ["CHEST"], "spo2": ["SaO2"],
]
