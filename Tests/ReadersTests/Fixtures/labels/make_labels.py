"""Label files in the shape that scorers' programs write, and what they say.

    pip install yasa==0.8.1 lunapi==1.7.0 wonambi==7.17
    python make_labels.py

A night of 24 windows of 30 s begins at 23:55:00 on 1 February 2003, so that it passes midnight. The stages of `expected.json` are those that the
file was made of; where there is a reference, another library wrote the file, or read the same stages out of it.
"""
import datetime
import json
import pathlib
import random
import tempfile

import lunapi
import yasa
from wonambi.attr import Annotations
from wonambi.attr.annotations import create_empty_annotations

HERE = pathlib.Path(__file__).parent
START = datetime.datetime(2003, 2, 1, 23, 55)
NIGHT = "W W W N1 N1 N2 N2 N2 N3 N3 N3 N2 N2 REM REM W N1 N2 N2 N3 REM REM W W".split()
STEP = 30
EVENTS = ["MCAP-A1", "MCAP-A2", "MCAP-A3", "AROUSAL", "LM", "SLEEP-SPINDLE"]
rng = random.Random(7)


def at(seconds):
    return START + datetime.timedelta(seconds=seconds)


def name(stage, table):
    return dict(zip(["W", "N1", "N2", "N3", "REM"], table.split()))[stage]


def rows(stages=None, step=STEP):
    for index, stage in enumerate(stages or NIGHT):
        yield index * step, stage


def write(file, text, encoding="utf-8"):
    (HERE / file).write_bytes(text.encode(encoding))


RK = "SLEEP-S0 SLEEP-S1 SLEEP-S2 SLEEP-S3 SLEEP-REM"


def remlogic(file, columns, clock, row, end="\n", encoding="latin-1", events=True, preamble=9):
    lines = ["RemLogic Event Export", "Patient:\tSome One", "Patient ID:\t17", "Recording Date:\t01/02/2003", "", "Events Included:"]
    lines += EVENTS + RK.split() + [""] * max(0, preamble - 6) + ["Scoring Session:", "Scorer Name:\tJosé", columns]
    for onset, stage in rows():
        if onset == 0:
            lines.append(row(clock(at(-4)), "MCAP-A1", 3, "W"))
        lines.append(row(clock(at(onset)), name(stage, RK), STEP, name(stage, "W S1 S2 S3 R")))
        if events and rng.random() < 0.6:
            lines.append(row(clock(at(onset + rng.randrange(1, 28))), rng.choice(EVENTS), rng.randrange(3, 40), name(stage, "W S1 S2 S3 R")))
    write(file, end.join(lines) + end, encoding)


colons = lambda t: t.strftime("%H:%M:%S")
dots = lambda t: t.strftime("%H.%M.%S")
halves = lambda t: t.strftime("%I:%M:%S %p")


def exports():
    remlogic("remlogic.txt", "Sleep Stage\tPosition\tTime [hh:mm:ss]\tEvent\tDuration[s]\tLocation", colons,
             lambda t, e, d, s: f"{s}\tUnknown Position\t{t}\t{e}\t{d}\tEEG-F3-C3")
    remlogic("remlogic_dots.txt", "Sleep Stage\tTime [hh:mm:ss]\tEvent\tDuration[s]\tLocation", dots,
             lambda t, e, d, s: f"{s}\t{t}\t{e}\t{d}\tROC-LOC", end="\r\n", preamble=12)
    remlogic("remlogic_shifted.txt", "Sleep Stage\tPosition\tTime [hh:mm:ss]\tEvent\tDuration[s]\tLocation", colons,
             lambda t, e, d, s: f"{s}\tUnknown\tPosition\t{t}\t{e}\t{d}\tROC-LOC" if "S2" in e or "CAP" in e else f"{s}\tSupine\t{t}\t{e}\t{d}\tROC-LOC")
    remlogic("remlogic_halves.txt", "Time [hh:mm:ss]\tEvent\tDuration[s]", halves, lambda t, e, d, s: f"{t}\t{e}\t{d}", events=False)
    remlogic("remlogic_fraction.txt", "Time [hh:mm:ss.xxx]\tEvent\tDuration[s]".replace(".xxx", ""), lambda t: colons(t) + ".000",
             lambda t, e, d, s: f"{t}\t{e}\t{d}.000")
    text = ["Somnologica", "Recording Date:\t01/02/2003", "Scorer name:\tx", "", "Time\tStage"]
    write("somnologica.txt", "\r\n".join(text + [f"{colons(at(o))}\t{name(s, 'Wake S1 S2 S3 REM')}" for o, s in rows()]) + "\r\n")
    french = ["Heure de début,Heure de fin,Événement,Durée,", "[],[],[],[s],"]
    english = ["Start Time,End Time,Event,Duration,", "[],[],[],[s],"]
    german = ["Startzeit;Endzeit;Ereignis;Dauer;", "[];[];[];[s];"]

    def noxturnal(head, words, event, date, sep):
        lines = list(head)
        for onset, stage in rows():
            add = lambda a, b, e: lines.append(sep.join([at(a).strftime(date), at(b).strftime(date), e, str(b - a), ""]))
            add(onset, onset + STEP, name(stage, words))
            if onset % 120 == 0:
                add(onset + 3, onset + 12, event)
        return "\r\n".join(lines) + "\r\n"

    write("noxturnal_fr.csv", "\ufeff" + noxturnal(french, "Éveil N1 N2 N3 REM", "Artefact", "%d/%m/%Y %H:%M:%S", ","), "utf-16-le")
    write("noxturnal_en.csv", "\ufeff" + noxturnal(english, "Wake N1 N2 N3 REM", "Limb Movement", "%m/%d/%Y %I:%M:%S %p", ","), "utf-16-be")
    write("noxturnal_de.csv", noxturnal(german, "Wach N1 N2 N3 REM", "Entsättigung", "%d.%m.%Y %H:%M:%S", ";"), "latin-1")
    write("polysmith.csv", "Start Time,Duration (seconds),Event\n" + "".join(
        f"{colons(at(o))},{STEP}, {name(s, 'Wake Stage1 Stage2 Stage3 REM')}\n" + (f"{colons(at(o + 5))},10, Oxygen Desaturation\n" if o % 90 == 0 else "")
        for o, s in rows()))
    write("alice.csv", " Epoch Number ,Start Time ,Sleep Stage \n" + "".join(
        f"{o // STEP + 1},{halves(at(o))},{name(s, 'WK N1 N2 N3 REM')}\n" for o, s in rows()))
    for file, start, stamp in [("domino.txt", "01.02.2003 23:55:00", "%H:%M:%S,000"), ("domino_us.txt", "2/1/2003 11:55:00 PM", "%H:%M:%S,000"), ("domino_dates.txt", "01.02.2003 23:55:00", "%d.%m.%Y %H:%M:%S,000")]:
        head = ["Signal ID: SchlafProfil\\profil", f"Start Time: {start}", "Unit: ", "Signal Type: Discret", "Events list: N3,N2,N1,Rem,Wake,Artifact", "Rate: 30 s", ""]
        write(file, "\r\n".join(head + [f"{at(o).strftime(stamp)}; {name(s, 'Wake N1 N2 N3 Rem')}" for o, s in rows()]) + "\r\n")
    lines = ["onset\tduration\tdescription", "0.0\t0.0\tLights Off@@EEG F3", "0\t0\tLights Off"]
    lines += [f"{float(o)}\t30.0\t{'Sleep stage ' + name(s, 'W N1 N2 N3 R')}\n{o + 2.5}\t10.25\tOxygen Desaturation" for o, s in rows()]
    write("nch.tsv", "\n".join(lines) + "\n")


def lists():
    write("isruc_1.txt", "".join(f"{name(s, '0 1 2 3 5')}\r\n" for _, s in rows()) + "\r\n\r\n")
    write("profusion.txt", "".join(f"{name(s, '0 1 2 4 5')}\n" for _, s in rows()))
    write("hypnogram.ids", "".join(f"{o},{STEP},{s}\n" for o, s in rows()))
    write("usleep.txt", "EPOCH=30.0 SEC\nSTART=0\n" + "".join(f"{name(s, 'Wake N1 N2 N3 REM')}\n" for _, s in rows()))
    write("night.eannot", "".join(f"{name(s, 'wake NREM1 NREM2 NREM3 REM')}\n" for _, s in rows()))
    json.dump([{"onset": o, "duration": STEP, "stage": s} for o, s in rows()], open(HERE / "objects.json", "w"))
    json.dump([s for _, s in rows()], open(HERE / "words.json", "w"))
    json.dump({"subject": "S1", "age": 3, "scorer_1": [int(name(s, "0 1 2 3 4")) for _, s in rows()], "scorer_2": []}, open(HERE / "keys.json", "w"))
    json.dump([int(name(s, "0 1 2 3 4")) for _, s in rows()], open(HERE / "numbers.json", "w"))


def by_yasa():
    hypnogram = yasa.Hypnogram([name(s, "WAKE N1 N2 N3 REM") for _, s in rows()], n_stages=5)
    hypnogram.hypno.to_csv(HERE / "yasa.csv")
    hypnogram.as_int().to_csv(HERE / "yasa_numbers.csv")
    return hypnogram


class Dataset:
    """What the reference needs to know of a recording."""

    filename = "night.edf"
    header = {"start_time": START, "subj_id": "S1", "s_freq": 2, "n_samples": 2 * STEP * len(NIGHT), "chan_name": ["EEG"], "orig": {}}


def annotations(folder):
    path = pathlib.Path(folder) / "scores.xml"
    create_empty_annotations(str(path), Dataset)
    return Annotations(str(path))


WONAMBI = {"Wake": "W", "NREM1": "N1", "NREM2": "N2", "NREM3": "N3", "REM": "REM"}


def read_by_wonambi(file, program):
    with tempfile.TemporaryDirectory() as folder:
        scores = annotations(folder)
        scores.import_staging(str(HERE / file), program, "x", START)
        return [WONAMBI.get(epoch["stage"]) for epoch in scores.epochs]


def written_by_wonambi():
    with tempfile.TemporaryDirectory() as folder:
        scores = annotations(folder)
        scores.import_staging(str(HERE / "profusion_words.txt"), "compumedics", "x", START)
        for form, file in [("remlogic", "wonambi.txt"), ("remlogic_fr", "wonambi_fr.txt")]:
            scores.export(str(HERE / file), xformat=form)
            text = (HERE / file).read_text().replace(pathlib.Path(folder).as_posix(), "")
            (HERE / file).write_text(text)
        return [WONAMBI.get(epoch["stage"]) for epoch in scores.epochs]


def luna():
    words = "W N1 N2 N3 R"
    head = "# N2 | stage\nclass\tinstance\tchannel\tstart\tstop\tmeta\n"
    seconds = head + "".join(f"{name(s, words)}\t.\t.\t{o}\t{o + STEP}\t.\n" for o, s in rows()) + "arousal\t.\tEEG\t33.5\t41.25\t.\n"
    elapsed = head + "".join(
        f"{name(s, words)}\t.\t.\t0+00:{o // 60:02}:{o % 60:02}\t{'...' if o else '+30'}\t.\n" for o, s in rows())
    clock = "class\tinstance\tchannel\tstart\tstop\tmeta\n" + "".join(f"{name(s, words)}\t.\t.\t{colons(at(o))}\t{colons(at(o + STEP))}\t.\n" for o, s in sorted(rows(), key=lambda row: row[1]))
    epochs = "".join(f"{name(s, words)}\te:{o // STEP + 1}\t.\n" for o, s in rows())
    for file, text in [("luna.annot", seconds), ("luna_elapsed.annot", elapsed), ("luna_clock.annot", clock), ("luna_epochs.annot", epochs)]:
        write(file, text)


def edf(path):
    """A night of one channel of zeros."""
    def field(text, width):
        return str(text).ljust(width).encode()
    records = STEP * len(NIGHT)
    header = field("0", 8) + field("X", 80) + field("X", 80) + field("01.02.03", 8) + field("23.55.00", 8) + field(512, 8) + field("", 44)
    header += field(records, 8) + field(1, 8) + field(1, 4) + field("EEG", 16) + field("", 80) + field("uV", 8)
    header += field(-100, 8) + field(100, 8) + field(-100, 8) + field(100, 8) + field("", 80) + field(2, 8) + field("", 32)
    path.write_bytes(header + bytes(4 * records))


def read_by_luna(file):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "night.edf"
        edf(path)
        project = lunapi.proj()
        project.silence()
        night = project.inst("night")
        night.attach_edf(str(path))
        night.attach_annot(str(HERE / file))
        found = night.fetch_annots(["W", "N1", "N2", "N3", "R"])
        stages = [None] * len(NIGHT)
        for _, row in found.iterrows():
            for index in range(round(row["Start"] / STEP), round(row["Stop"] / STEP)):
                stages[index] = {"R": "REM"}.get(row["Class"], row["Class"])
        return stages


def main():
    exports()
    lists()
    luna()
    write("profusion_words.txt", "".join(f"{name(s, 'W N1 N2 N3 R')}\n" for _, s in rows()))
    hypnogram = by_yasa()
    yasa_stages = ["W" if s == "WAKE" else s for s in hypnogram.hypno]
    wonambi_stages = written_by_wonambi()
    four = {"4": "REM"}
    cases = [
        ("remlogic.txt", None, None), ("remlogic_dots.txt", None, None), ("remlogic_shifted.txt", None, None),
        ("remlogic_halves.txt", None, None), ("remlogic_fraction.txt", None, None), ("somnologica.txt", None, None),
        ("wonambi.txt", None, wonambi_stages), ("wonambi_fr.txt", None, wonambi_stages),
        ("noxturnal_fr.csv", None, None), ("noxturnal_en.csv", None, None), ("noxturnal_de.csv", None, None),
        ("polysmith.csv", None, None), ("alice.csv", None, None),
        ("domino.txt", None, read_by_wonambi("domino.txt", "domino")), ("domino_us.txt", None, None), ("domino_dates.txt", None, None),
        ("nch.tsv", None, None), ("isruc_1.txt", None, None), ("profusion.txt", None, None),
        ("profusion_words.txt", None, read_by_wonambi("profusion_words.txt", "compumedics")), ("hypnogram.ids", None, None), ("usleep.txt", None, None),
        ("night.eannot", None, None), ("objects.json", None, None), ("words.json", None, None),
        ("keys.json", {"dataset": "scorer_1", "vocabulary": four}, None), ("numbers.json", {"vocabulary": four}, None),
        ("yasa.csv", None, yasa_stages), ("yasa_numbers.csv", {"vocabulary": four}, yasa_stages),
        ("luna.annot", None, read_by_luna("luna.annot")), ("luna_elapsed.annot", None, read_by_luna("luna_elapsed.annot")),
        ("luna_clock.annot", None, read_by_luna("luna_clock.annot")), ("luna_epochs.annot", None, read_by_luna("luna_epochs.annot")),
    ]
    for file, _, stages in cases:
        assert stages is None or stages == NIGHT, file
    lines = [json.dumps({"file": file, "rules": rules or {}, "hasReference": stages is not None}) for file, rules, stages in cases]
    text = '{"stages": ' + json.dumps(NIGHT) + ',\n"files": [\n' + ",\n".join(lines) + "\n]}\n"
    (HERE / "expected.json").write_text(text)


main()
