"""Finds the pickles in files: python pickles_in.py FOLDER prints one JSON object for each, {"name", "hex"}.

If the folder has a manifest.json, a list of {"path", "cls"}, its files of class "benign" are read, else all. Layers of gzip, zlib, bz2, xz,
lzma, zip and tar are taken off; of an .npy file the header. Nothing is loaded: a pickle is what pickletools can read to its STOP.
"""

import bz2, gzip, io, json, lzma, os, pickletools, sys, tarfile, zipfile, zlib


def layers(name, data):
    """What lies in data, by name; data itself if it is no container."""
    if data[:4] == b"PK\3\4":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                if member.endswith((".pkl", ".pickle", ".npy")):
                    yield from layers("%s!%s" % (name, member), archive.read(member))
        return
    for magic, take in (
        (b"\x1f\x8b", gzip.decompress),
        (b"BZh", bz2.decompress),
        (b"\xfd7zXZ", lzma.decompress),
        (b"]\0\0\x80", lzma.decompress),
        (b"x", zlib.decompress),
    ):
        if data.startswith(magic):
            try:
                inner = take(data)
            except Exception:
                continue
            yield from layers(name, inner)
            return
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive.getmembers():
                if member.isfile():
                    yield from layers("%s!%s" % (name, member.name), archive.extractfile(member).read())
        return
    if data[:6] == b"\x93NUMPY":
        size = 2 if data[6] == 1 else 4
        data = data[8 + size + int.from_bytes(data[8 : 8 + size], "little") :]
    yield name, data


def pickles(data):
    """The consecutive pickles that data begins with."""
    stream = io.BytesIO(data)
    while stream.tell() < len(data):
        start = stream.tell()
        try:
            for _ in pickletools.genops(stream):
                pass
        except Exception:
            return
        yield data[start : stream.tell()]


root = sys.argv[1]
manifest = os.path.join(root, "manifest.json")
if os.path.exists(manifest):
    with open(manifest) as file:
        paths = sorted(entry["path"] for entry in json.load(file) if entry["cls"] == "benign")
else:
    paths = sorted(os.path.relpath(os.path.join(at, name), root) for at, _, names in os.walk(root) for name in names)
for path in paths:
    with open(os.path.join(root, path), "rb") as file:
        content = file.read()
    for name, data in layers(path, content):
        for index, found in enumerate(pickles(data)):
            print(json.dumps({"name": "%s#%d" % (name, index), "hex": found.hex()}))
