# What CPython's pickletools makes of pickles: a line of JSON in, a line out. In: {"hex" or "path", "indentLevel", "full"}.
# "share" keeps the memo of the case before; "annotate" is the column of annotations, and {"prose": {name: text}}, a line by
# itself, says what they are. Texts are digests unless "full" is true. Nothing is unpickled.
import hashlib
import io
import json
import pickletools
import struct
import sys
import warnings

warnings.simplefilter("ignore")


def outcome(work):
    try:
        return {"value": work()}
    except Exception as error:
        return {"error": [type(error).__name__, str(error)]}


def operand(arg):
    if arg is None:
        return "-"
    if isinstance(arg, bool):
        return "b%d" % arg
    if isinstance(arg, int):
        return "i%x" % arg
    if isinstance(arg, float):
        return "f" + ("nan" if arg != arg else struct.pack(">d", arg).hex())
    if isinstance(arg, str):
        return "s" + arg.encode("utf-16-be", "surrogatepass").hex()
    return ("a" if isinstance(arg, bytearray) else "y") + arg.hex()


def genops(data):
    lines = []
    result = outcome(lambda: [lines.append("%d %s %s" % (pos, op.name, operand(arg))) for op, arg, pos in pickletools.genops(data)])
    return "\n".join(lines), result.get("error")


def dis(data, indent, memo, annotate):
    out = io.StringIO()
    result = outcome(lambda: pickletools.dis(data, out, memo, indent, annotate))
    return out.getvalue(), result.get("error")


def digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


memo = {}
for line in sys.stdin:
    case = json.loads(line)
    if "prose" in case:
        for opcode in pickletools.opcodes:
            opcode.doc = case["prose"][opcode.name]
        continue
    data = bytes.fromhex(case["hex"]) if "hex" in case else open(case["path"], "rb").read()
    if not case.get("share"):
        memo = {}
    show = (lambda text: text) if case.get("full") else digest
    ops, ops_error = genops(data)
    text, text_error = dis(data, case.get("indentLevel", 4), memo, case.get("annotate", 0))
    optimized = outcome(lambda: pickletools.optimize(data).hex() if case.get("full") else hashlib.sha256(pickletools.optimize(data)).hexdigest())
    answer = {"genops": [show(ops), ops_error], "dis": [show(text), text_error], "optimize": [optimized.get("value"), optimized.get("error")]}
    print(json.dumps(answer), flush=True)
