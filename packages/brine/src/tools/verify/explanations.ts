/** What kind of irregularity a finding is: the stable codes. */
export type FindingCode =
  | "missing-stop"
  | "truncated"
  | "unknown-opcode"
  | "invalid-length"
  | "trailing-newline"
  | "trailing-bytes"
  | "another-pickle"
  | "stack-underflow"
  | "below-mark"
  | "missing-mark"
  | "open-mark"
  | "stack-not-empty"
  | "wrong-kind"
  | "not-callable"
  | "unhashable"
  | "odd-items"
  | "index-out-of-range"
  | "unusual-kind"
  | "empty-batch"
  | "empty-state"
  | "idle-build"
  | "undecidable"
  | "memo-missing"
  | "memo-of-mark"
  | "memo-overwritten"
  | "memo-index"
  | "memo-gap"
  | "memo-huge"
  | "memo-unread"
  | "frame-too-long"
  | "frame-nested"
  | "frame-overlap"
  | "frame-straddled"
  | "frame-past-stop"
  | "frame-missing"
  | "frame-empty"
  | "unknown-protocol"
  | "proto-late"
  | "proto-repeated"
  | "proto-missing"
  | "proto-low"
  | "newer-opcode"
  | "number-refused"
  | "number-disagrees"
  | "number-form"
  | "string-form"
  | "text-encoding"
  | "python2-text"
  | "not-ascii"
  | "lone-surrogate"
  | "name-empty"
  | "name-odd"
  | "name-dotted"
  | "name-escape"
  | "wasted-bytes"
  | "large-int"
  | "persistent-id"
  | "out-of-band-buffer"
  | "extension-code"
  | "invalid-extension";

/** By code, what findings of it mean. */
export const explanations: Readonly<Record<FindingCode, string>> = {
  // The end
  "missing-stop":
    "A pickle ends with STOP. Without it every reader fails at the end of the data, whatever came before.",
  truncated:
    "The data ends inside an operand: the file was cut off, or a length in front of the operand is wrong. Nothing can be said of what would have followed.",
  "unknown-opcode":
    "The byte is none of the 68 opcodes. As opcodes have no common length, nothing tells where the next one begins, so that the rest cannot be judged.",
  "invalid-length":
    "The length in front of the operand is negative or beyond what memory can hold. No pickler writes one.",
  "trailing-newline":
    "The line end that echo, editors and redis-cli put behind what they write. Readers stop at STOP.",
  "trailing-bytes":
    "pickle.loads stops at the first STOP and ignores the rest; a program that goes on reading fails there. It may be a raw array, as joblib writes them, a second file that was appended, or what is left of a longer file.",
  "another-pickle":
    "Several pickles may stand one behind the other: pickle.load reads one at a time, pickle.loads only the first.",

  // Stack and marks
  "stack-underflow": "The opcode takes more values than there are on the stack.",
  "below-mark":
    "Values below the topmost MARK are out of reach until that MARK is closed. Both unpicklers refuse it; pickletools has the MARK among the values and lets an opcode take it for one.",
  "missing-mark": "The opcode takes all values down to the topmost MARK, and there is none.",
  "open-mark":
    "A MARK that nothing closes. The unpicklers return what is on top and do not mind; pickletools.dis refuses it.",
  "stack-not-empty":
    "STOP takes the topmost value, and others are left. The unpicklers drop them; pickletools.dis refuses it. Picklers never leave any: something was cut out or put in.",

  // Values
  "wrong-kind":
    "The opcode works on values of a certain type, and this one cannot be it. Where the reader in C asks for the type itself, the one in Python takes whatever behaves like it.",
  "not-callable":
    "Only classes, functions and what hooks return can be called. A value of an opcode's own never can.",
  unhashable:
    "Keys of dicts and elements of sets have to be hashable: no list, dict, set or bytearray, and no tuple of any.",
  "odd-items": "Keys and values come in pairs, and one is left over.",
  "index-out-of-range":
    "SETITEM on a list or bytearray replaces an item that is there, and there is none at this index.",
  "unusual-kind":
    "Readers accept this by accident, as the type has the method that they call. No pickler writes it, and other implementations refuse it.",
  "empty-batch":
    "There is nothing to add, so that the reader in C does not look at what it would be added to. The one in Python asks for the method first, and fails.",
  "empty-state":
    "BUILD with a state that is empty or zero, on a value that takes no state. Python's own reader passes over it; the one in C wants a dict, or None.",
  "idle-build": "BUILD with None on a value that takes no state does nothing.",
  undecidable:
    "What a class, a hook or an extension makes shows only when the pickle is loaded. The opcode works if that value is of the right type.",

  // Memo
  "memo-missing":
    "A GET of a slot that nothing was stored in. CPython up to 3.8 raises KeyError, later ones UnpicklingError. Pickles that one Pickler wrote one after the other share a memo: they have to be read by one Unpickler.",
  "memo-of-mark": "The memo keeps the topmost value, and on top is a MARK.",
  "memo-overwritten":
    "A slot is filled a second time. The unpicklers replace what was in it, and a later GET reads the new value; pickletools refuses it. After a gap in the indexes, MEMOIZE can do it unseen.",
  "memo-index": "A memo slot has an index from 0 up. Python's memo takes any; the C unpickler's is an array.",
  "memo-gap":
    "The indexes leave a gap. Nothing is wrong with that, but MEMOIZE numbers by how many slots are filled, so that mixing both overwrites.",
  "memo-huge":
    "CPython's unpickler in C keeps the memo in an array up to the highest index, twice as long as it must be: 16 bytes for every index below. A few bytes can take gigabytes.",
  "memo-unread":
    "Picklers store everything that might be met again. What is never read only takes space; optimize leaves it out.",

  // Frames
  "frame-too-long":
    "A frame says how many bytes to read ahead. The reader in C fails at once if there are not so many; the one in Python takes what there is, and pickletools does not look.",
  "frame-nested":
    "A frame begins before the one around it has ended. The reader in C and pickletools do not mind; the one in Python refuses it.",
  "frame-overlap":
    "A frame begins inside another and reaches beyond its end. The reader in C and pickletools do not mind; the one in Python refuses it.",
  "frame-straddled":
    "Part of the opcode is in the frame, and part behind it. pickle.loads reads on; pickle.load of a file can lose the bytes up to the frame's end and read something else; Python's own reader refuses it.",
  "frame-past-stop":
    "The frame reaches beyond STOP. What is read from a file by way of frames then begins its next pickle too late.",
  "frame-missing":
    "From protocol 4 on picklers put opcodes into frames, so that a file is read in large pieces. Readers do without.",
  "frame-empty": "A frame of no bytes has no use.",

  // Protocol
  "unknown-protocol":
    "CPython reads protocols 0 to 5. A higher number may be of a Python to come, or garbage. pickletools does not look at it.",
  "proto-late":
    "PROTO stands at the very beginning. Where it comes later, it changes how the names behind it are looked up.",
  "proto-repeated": "PROTO a second time. The last one counts for the names that come behind it.",
  "proto-missing":
    "Picklers begin with PROTO from protocol 2 on. Without it readers go by protocol 0: names of Python 2 are mapped to those of Python 3.",
  "proto-low": "PROTO came with protocol 2, and no pickler writes a lower number with it.",
  "newer-opcode":
    "The opcode is newer than the protocol that PROTO names. CPython does not mind, but a Python that knows just that protocol does not know the opcode.",

  // Text operands
  "number-refused": "Readers parse numbers in text differently, and not all of them take this one.",
  "number-disagrees":
    "Readers parse numbers in text differently. Here each makes something else of it, so that the value depends on who reads.",
  "number-form": "The number is not written as CPython writes it. All readers make the same of it.",
  "string-form":
    "STRING holds a quoted literal with Python's escapes. The unpicklers refuse what is not closed by the quote it began with.",
  "text-encoding": "The text is not in the encoding that its opcode has.",
  "python2-text":
    'An 8-bit string of Python 2, with bytes beyond ASCII. Readers of Python 3 decode it by their option encoding, which is "ASCII" unless given, and refuse it then.',
  "not-ascii":
    "pickletools takes the lines of STRING, GLOBAL, INST and PERSID for ASCII. The unpicklers read UTF-8 in GLOBAL, which protocol 3 writes, and bytes in STRING; in INST and PERSID they want ASCII too.",
  "lone-surrogate": "Half of a surrogate pair. Python keeps it; UTF-8, JSON and many other readers cannot.",

  // Names
  "name-empty": "A line of no characters. The reader in C refuses it before anything is looked up.",
  "name-odd": "No module or class has such a name, so that importing it fails.",
  "name-dotted":
    "Below protocol 4 a dot in the name of a class is not looked through: the reader asks for one attribute of that very name.",
  "name-escape":
    "pickletools undoes backslash escapes in names, which no unpickler does, and refuses one that is broken.",

  // Binary operands
  "wasted-bytes": "The int has leading bytes that only repeat its sign. Readers drop them.",
  "large-int":
    "pickletools.dis prints the int in decimal, which Python refuses for more than 4300 digits. The unpicklers read it.",

  // What the reader has to be given
  "persistent-id":
    "The value is not in the pickle but known by an id. Who reads it has to say what that stands for: persistent_load in Python, persistentLoad here.",
  "out-of-band-buffer":
    "The bytes are not in the pickle but were handed on beside it. Who reads it has to give them: buffers, in the order they came.",
  "extension-code":
    "A class by its number in a registry. Who reads it has to have the same: copyreg.add_extension in Python, extensions here.",
  "invalid-extension": "Extension codes are from 1 up.",
};
