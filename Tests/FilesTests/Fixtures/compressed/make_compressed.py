"""Compressed files as Python's gzip and zipfile write them. Run: python3 make_compressed.py"""
import gzip, io, pathlib, zipfile, zlib

here = pathlib.Path(__file__).parent
text = b"".join(b"%d,%d\n" % (i, i * i) for i in range(8_000))


def member(data):
    return gzip.compress(data, mtime=0)


(here / "text.csv.gz").write_bytes(member(text))
(here / "members.gz").write_bytes(member(b"one\n") + member(b"") + member(b"two\n") + bytes(512))
(here / "zeros.gz").write_bytes(member(bytes(10_000_000)))
(here / "trailing.gz").write_bytes(member(b"one\n") + b"two\n")

info = lambda name: zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
with zipfile.ZipFile(here / "members.zip", "w") as archive:
    archive.writestr(info("stored.txt"), b"stored\n", zipfile.ZIP_STORED)
    archive.writestr(info("folder/deflated.csv"), text, zipfile.ZIP_DEFLATED)
    archive.writestr(info("empty"), b"", zipfile.ZIP_DEFLATED)
    archive.writestr(info("squeezed.txt"), b"squeezed\n" * 9, zipfile.ZIP_BZIP2)
    archive.comment = b"a comment"

# Sizes and offsets in fields of 64 bits, as archives of more than 4 GB have them.
zipfile.ZIP64_LIMIT = 10
zipfile.ZIP_FILECOUNT_LIMIT = 1
with zipfile.ZipFile(here / "wide.zip", "w") as archive:
    archive.writestr(info("first.txt"), b"the first of two\n" * 3, zipfile.ZIP_DEFLATED)
    archive.writestr(info("second.txt"), b"the second\n" * 3, zipfile.ZIP_STORED)
