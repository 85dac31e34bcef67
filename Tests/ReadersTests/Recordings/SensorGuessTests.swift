import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("The sensor that a channel's label and unit speak of")
struct SensorGuessTests {
  /// Labels as files of public data sets have them, by the unit that they come with.
  static let seen: [(sensor: Sensor?, unit: String, labels: [String])] = [
    (
      .psg, "uV",
      [
        "EEG", "EEG(sec)", "EEG 2", "EEG sec", "EOG(L)", "EMG", "C3", "C4", "A1", "M2", "m2", "LOC", "ROC", "E1", "E2",
        "F3-A2", "C4-M1", "Fpz",
        "F7-", "C4A1", "C3A2", "O2A1", "Fp2-F4", "T3-T5", "ROC-LOC", "EOG sin", "EMG1-EMG2", "CHIN1", "Lchin", "Rchiin",
        "Rchon", "LChin-Rchin",
        "ChEMG1-ChEMG2", "cchin_l", "L Chin-R Chin", "EMG/L", "EMG submental", "EEG C4-CLE", "C3-LER", "C3_M2",
        "C3-AVG", "Pz_Cz", "PSG_C3",
        "PSG_EOGL", "PSG_EMG", "EEG Chin1-Chin2", "Lefteye", "RightEye", "Left Horiz", "Upper Vertic", "EEG1", "EOG-L",
      ]
    ),
    (
      .ecg, "mV",
      [
        "ECG", "EKG", "ekg", "ECG L-ECG R", "ECGL", "ECg2", "ECG-II", "ECG ECGI", "EEG EKG2-EKG", "EKG-E1", "ECG LA-RA",
        "LA-RA", "ecg3-ECG2",
      ]
    ),
    (
      .respiration, "",
      [
        "THOR RES", "ABDO RES", "Thor", "Abdo", "Thoracic", "Abdominal", "Chest", "CHEST-E1", "ABD", "Abd2", "ABD-E1",
        "TORACE", "toracico",
        "ADDOME", "ADDDOME", "ribcage", "Sum", "XSum", "EEG Chest", "Resp Thoracic", "Resp (nasal)", "NEW AIR",
        "NEWAIR", "New A/F", "AIRFLOW-0",
        "Airlfow", "AIR-flow", "NASAL", "Nasal Pres", "nas_pres", "Nasal NP", "NPT", "NPAF", "PTAF", "Cannula Flow",
        "CannnulaFlow",
        "CannulaNasal", "Canula", "Therm", "Thermistor", "TERMISTORE", "Term", "PSG_THER", "PSG_CAN", "PSG_ABD",
        "Flusso", "oralflow",
        "MaskFlow", "Effort THO",
      ]
    ),
    (.respiration, "cmH2O", ["Nasal Pressure", "PTAF"]),
    (
      .ppg, "",
      [
        "Pleth", "PlethWV", "Plesmo", "PletMasimo", "PLETHMASIMO", "PlethNellcor", "RD-Pleth", "PWF", "BVP", "PPG",
        "PPG_1",
      ]
    ),
    (
      .spo2, "%",
      [
        "SpO2", "SaO2", "SAO2", "SPO2", "Sa02", "SA02nonin", "SAO2Nellcor", "SpO2 BB", "SpO2-BB", "OSAT", "PSG_SPO2",
        "O2 Sat", "Saturation",
      ]
    ),
    (
      .heartRate, "bpm",
      [
        "HR", "H.R.", "PR", "DHR", "Derived HR", "HRate", "HeartRate", "HEARTRATE", "Heart Rate", "PulseMasimo",
        "Pulse", "PULSE", "Pluse",
      ]
    ),
    (
      .snore, "",
      ["Snore", "SNORE 2", "Snore Mic", "SnoreSensor", "Cannula Snore", "CannulaSnore", "Snore_DR", "Schnarchen"]
    ),
    (
      .position, "",
      [
        "Pos", "POSITION", "Positon", "Postion", "Postition", "Positiom", "POSdc1", "BPOSdc2", "PosSensor", "Posizione",
        "BodyPos", "Body Position",
        "Body", "ManPos", "Manual Pos",
      ]
    ),
    (.temperature, "degC", ["TEMP", "Temperature", "Body Temp", "Skin", "T1"]),
    (.sound, "dB", ["SOUND", "Soud", "MIC", "Audio Volume"]),
    (.accelerometer, "g", ["x", "y", "Z", "ACC_X", "Accel Y", "Accelerometer Z", "Axis 1", "HB_ACC"]),
    (.activity, "count", ["Activity", "axis1", "axis3", "ACTIVITY"]),
    // What is of no sensor, or of none that can be told.
    (
      nil, "uV",
      [
        "Leg L", "LLeg1", "EMG LLeg-RLeg", "Tib sx", "LAT", "EMG RAT", "deltoide", "SX1-SX2", "EKG_Off", "EOG-L_Off",
        "X1", "DC3", "x", "chan 1",
      ]
    ),
    (
      nil, "",
      [
        "OX stat", "OxStatus", "Ox Status", "OXSTAT", "STAT", "LIGHT", "Light", "EtCO2", "TcCO2", "CPAP", "CPress",
        "Pressure", "Leak",
        "Tidal Vol", "Respiratory Rate", "Heart Rate Varia", "Pulse", "EPMS", "Marker", "x",
      ]
    ),
    // A unit may speak against a label.
    (nil, "cmH2O", ["PR", "Pressure"]), (nil, "uV", ["HR"]), (nil, "degC", ["EEG"]), (nil, "g", ["C3"]),
    (nil, "lux", ["Light"]),
    (nil, "deg/s", ["Gyro X", "x"]), (nil, "count", ["steps"]), (nil, "bpm", ["RR"]),
  ]

  @Test("Labels in the wild are taken for what they are, or for nothing", arguments: seen)
  func guessed(sensor: Sensor?, unit: String, labels: [String]) throws {
    try withTemporaryFolder { folder in
      var sample = EDFSample()
      sample.labels = labels
      sample.units = labels.map { _ in unit }
      sample.physicalMinimum = labels.map { _ in "-100" }
      sample.physicalMaximum = labels.map { _ in "100" }
      sample.digitalMinimum = labels.map { _ in "-100" }
      sample.digitalMaximum = labels.map { _ in "100" }
      sample.samplesPerRecord = labels.map { _ in "1" }
      sample.recordCount = "1"
      sample.data = EDFSample.integers(labels.map { _ in 1 })
      try sample.bytes.write("a.edf", in: folder)
      let survey = try FolderSurvey(root: folder)
      #expect(survey.channels.map(\.name) == labels)
      for channel in survey.channels { #expect(channel.sensor == sensor, "'\(channel.name)' in '\(unit)'") }
    }
  }
}
