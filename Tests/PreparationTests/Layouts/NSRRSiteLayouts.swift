/// Studies of the National Sleep Research Resource whose labels differ by site, and those that are not laid out as its others.
let nsrrSiteLayouts: [Layout] = [
  Layout(
    card: "wsc",
    files: [
      "polysomnography/wsc-visit1-10119-nsrr.edf": .edf(
        SmallNight([
          "uV 100": ["C3_M2", "O1_M2", "E1", "E2", "chin"], "mV 100": ["ECG"],
          "10": ["thorax", "abdomen", "nasalflow"],
          "% 1": ["spo2"],
        ])),
      "polysomnography/wsc-visit2-10119-nsrr.edf": .edf(
        SmallNight([
          "uV 200": ["F3_M2", "Fz_M2", "C3_M2", "C4_M1", "E1", "E2", "cchin_l"], "mV 200": ["ECG"],
          "10": ["thorax", "abdomen", "flow"], "% 1": ["spo2"],
        ])),
      "polysomnography/wsc-visit1-10120-nsrr.edf": .edf(
        SmallNight(["uV 100": ["C3_M2", "E1", "chin"], "mV 100": ["ECG"], "10": ["thorax"]])),
      "polysomnography/wsc-visit1-10119-nsrr.stg.txt": .text(
        "Epoch\tUser-Defined Stage\tCAST-Defined Stage\n1\t0\t0\n2\t0\t0\n3\t1\t1\n4\t2\t2\n5\t4\t4\n6\t5\t5\n"),
      "polysomnography/wsc-visit1-10120-nsrr.stg.txt": .text("1\t7\n2\t0\n3\t2\n4\t3\n5\t6\n6\t5\n"),
      "polysomnography/wsc-visit1-10119-nsrr.log.txt": .text("1\t22:00:00 1\tRecording Started\n"),
      "polysomnography/wsc-visit2-10119-nsrr.allscore.txt": .text(
        "21:59:58.00\tSTART RECORDING\n22:00:00.00\tSTAGE - NO STAGE\n22:00:21.50\tLIGHTS OUT\n"
          + "22:00:30.00\tSTAGE - W\n22:01:07.00\tDUR: 14.5 SEC. - HYPOPNEA\n22:01:30.00\tSTAGE - N2\n"
          + "22:02:30.00\tLIGHTS ON\n22:02:40.00\tSTOP RECORDING\n"),
    ],
    nights: [
      Layout.Night(
        id: "wsc-visit1-10119-nsrr", subject: "10119", session: "1", stages: "WW123R",
        leads: [
          "psg": ["C3_M2", "E1", "chin"], "ecg": ["ECG"], "respiration": ["thorax"], "spo2": ["spo2"],
        ]),
      Layout.Night(
        id: "wsc-visit1-10120-nsrr", subject: "10120", session: "1", stages: "?W23?R",
        leads: ["psg": ["C3_M2", "E1", "chin"], "ecg": ["ECG"], "respiration": ["thorax"]]),
      Layout.Night(
        id: "wsc-visit2-10119-nsrr", subject: "10119", session: "2", stages: "?WW22?",
        leads: [
          "psg": ["C3_M2", "E1", "cchin_l"], "ecg": ["ECG"], "respiration": ["thorax"], "spo2": ["spo2"],
        ]),
    ]),
  Layout(
    card: "chat",
    files: [
      "polysomnography/edfs/baseline/chat-baseline-300001.edf": .edf(
        SmallNight([
          "uV 100": ["C3", "C4", "M1", "M2", "E1", "E2", "Lchin", "Rchin", "Cchin"], "mV 100": ["ECG1", "ECG2"],
          "32": ["Chest", "ABD", "Airflow", "CannulaFlow", "Pleth"], "% 10": ["SAO2masimo"],
        ])),
      "polysomnography/edfs/followup/chat-followup-300001.edf": .edf(
        SmallNight([
          "uV 100": ["C3-A2", "C4-A1", "E1", "M2", "CHIN"], "mV 100": ["EKG"], "32": ["CHEST", "PWF"],
          "% 10": ["SA02nonin"],
        ])),
      "polysomnography/edfs/nonrandomized/chat-baseline-nonrandomized-300003.edf": .edf(
        SmallNight(["uV 100": ["C3", "C4", "M1", "M2", "E1", "E2"], "mV 100": ["ECG1", "ECg2"], "32": ["Chest"]])),
      "polysomnography/annotations-events-nsrr/baseline/chat-baseline-300001-nsrr.xml": .text(NSRRText.nsrr("W12233")),
      "polysomnography/annotations-events-nsrr/followup/chat-followup-300001-nsrr.xml": .text(NSRRText.nsrr("WW22RR")),
      "polysomnography/annotations-events-nsrr/nonrandomized/chat-baseline-nonrandomized-300003-nsrr.xml": .text(
        NSRRText.nsrr("WWWW1?")),
    ],
    nights: [
      Layout.Night(
        id: "chat-baseline-300001", subject: "300001", session: "baseline", stages: "W12233",
        leads: [
          "psg": ["C4 less M1", "E1 less M2", "Lchin less Rchin"], "ecg": ["ECG1 less ECG2"], "respiration": ["Chest"],
          "ppg": ["Pleth"], "spo2": ["SAO2masimo"],
        ]),
      Layout.Night(
        id: "chat-baseline-nonrandomized-300003", subject: "300003", session: "baseline-nonrandomized",
        stages: "WWWW1?", leads: ["ecg": ["ECG1 less ECg2"], "respiration": ["Chest"]],
        warnings: [
          "chat-baseline-nonrandomized-300003: psg is left out, since there is no 'EMG' among C3, C4, M1, M2, 2 more"
        ]),
      Layout.Night(
        id: "chat-followup-300001", subject: "300001", session: "followup", stages: "WW22RR",
        leads: [
          "psg": ["C4-A1", "E1 less M2", "CHIN"], "ecg": ["EKG"], "respiration": ["CHEST"], "ppg": ["PWF"],
          "spo2": ["SA02nonin"],
        ]),
    ]),
  Layout(
    card: "hpap",
    files: [
      "polysomnography/edfs/lab/full/homepap-lab-full-1600039.edf": .edf(
        SmallNight([
          "uV 100": ["C3", "C4", "M1", "M2", "E1", "E2", "Lchin", "Cchin"], "mV 100": ["ECG1", "ECG2", "ECG3"],
          "32": ["Chest", "Abd", "Airflow", "Pleth"], "% 10": ["SAO2"],
        ])),
      "polysomnography/edfs/lab/split/homepap-lab-split-1600150.edf": .edf(
        SmallNight([
          "uV 100": ["C3-M2", "C4-M1", "E1-M2", "E2-M1", "Chin1-Chin2"], "mV 100": ["ECG I", "ECG II"], "32": ["THOR"],
        ])),
      "polysomnography/edfs/home/homepap-home-1600005.edf": .edf(
        SmallNight(["mV 100": ["EKG"], "10": ["Thorax", "Abdomen"]])),
      "polysomnography/annotations-events-nsrr/lab/full/homepap-lab-full-1600039-nsrr.xml": .text(
        NSRRText.nsrr("W1234R")),
      "polysomnography/annotations-events-profusion/lab/split/homepap-lab-split-1600150-profusion.xml": .text(
        NSRRText.profusion("WW22R6")),
    ],
    nights: [
      Layout.Night(
        id: "homepap-lab-full-1600039", subject: "1600039", session: "lab-full", stages: "W1233R",
        leads: [
          "psg": ["C4 less M1", "E1 less M2", "Lchin less Cchin"], "ecg": ["ECG1 less ECG2"], "respiration": ["Chest"],
          "ppg": ["Pleth"], "spo2": ["SAO2"],
        ]),
      Layout.Night(
        id: "homepap-lab-split-1600150", subject: "1600150", session: "lab-split", stages: "WW22R?",
        leads: [
          "psg": ["C4-M1", "E1-M2", "Chin1-Chin2"], "ecg": ["ECG I less ECG II"], "respiration": ["THOR"],
        ]),
    ],
    notes: [
      "1 file is of no pattern among the card's files and left out: 'polysomnography/edfs/home/homepap-home-1600005.edf'"
    ]),
  Layout(
    card: "nchsdb",
    files: [
      "sleep_data/10000_17728.edf": .edf(
        SmallNight([
          "uV 100": ["EEG C3-M2", "EEG C4-M1", "EOG LOC-M2", "EOG ROC-M1", "EMG Chin1-Chin2"],
          "uV 128": ["ECG EKG2-EKG"], "32": ["Resp Thoracic", "Resp Abdominal", "Resp Airflow"], "% 10": ["SpO2"],
        ])),
      "sleep_data/10000_20001.edf": .edf(
        SmallNight([
          "uV 100": ["EEG C3-M2", "EEG C4-M1", "EOG LOC-M2", "EMG CHIN1-CHIN2"], "uV 128": ["ECG LA-RA"],
          "32": ["Resp Chest", "Resp Abdomen", "XFlow"], "% 10": ["OSAT"],
        ])),
      "sleep_data/10003_5.edf": .edf(SmallNight(["uV 128": ["ECG LA-RA"], "32": ["Resp Chest"]])),
      "sleep_data/10000_17728.tsv": .text(
        "onset\tduration\tdescription\n1.5\t0.0\tLights Off\n30.0\t30.0\tSleep stage W\n60.0\t30.0\tSleep stage N1\n"
          + "64.2\t12.5\tOxygen Desaturation\n66.0\t30.0\tMovement\n90.0\t30.0\tSleep stage N2\n120.0\t30.0\tSleep stage N3\n"
          + "150.0\t30.0\tSleep stage R\n"),
      "sleep_data/10000_20001.tsv": .text(
        "onset\tduration\tdescription\n4.9609\t30.0\tSleep stage W\n34.9609\t30.0\tSleep stage ?\n"
          + "64.9609\t30.0\tSleep stage 2\n94.9609\t30.0\tSleep stage 3\n124.9609\t30.0\tSleep stage R\n"),
      "sleep_data/10003_5.tsv": .text(
        "onset\tduration\tdescription\n0.0\t30.0\tSleep stage W\n30.0\t30.0\tSleep stage N2\n"),
      "sleep_data/10000_17728.annot": .text("# comment\n"),
    ],
    nights: [
      Layout.Night(
        id: "10000_17728", subject: "10000", session: "17728", stages: "?W123R",
        leads: [
          "psg": ["EEG C4-M1", "EOG LOC-M2", "EMG Chin1-Chin2"], "ecg": ["ECG EKG2-EKG"],
          "respiration": ["Resp Thoracic"], "spo2": ["SpO2"],
        ]),
      Layout.Night(
        id: "10000_20001", subject: "10000", session: "20001", stages: "W?23R?",
        leads: [
          "psg": ["EEG C4-M1", "EOG LOC-M2", "EMG CHIN1-CHIN2"], "ecg": ["ECG LA-RA"], "respiration": ["Resp Chest"],
          "spo2": ["OSAT"],
        ],
        warnings: [
          "10000_20001: the scored windows lie 5 s beside the windows of the signal: each takes the stage of most of it"
        ]),
      Layout.Night(
        id: "10003_5", subject: "10003", session: "5", stages: "W2????",
        leads: ["ecg": ["ECG LA-RA"], "respiration": ["Resp Chest"]]),
    ]),
]
