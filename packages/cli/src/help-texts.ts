/** What the help says beyond the options: of the command itself. */
export const examples = `
Examples:
  brine cache-entry.pkl                      what is in it
  redis-cli --raw get session:42 | brine     the same of what comes in
  brine --full model.pkl | less              nothing left out
  brine --depth 2 --max-items 5 model.pkl    the outline of something large
  brine model.pkl.xz                         compressed: gzip, zlib, bz2, xz, lzma, zstd, lz4, zip
  brine --encoding utf-8 old.pkl             the 8-bit strings of Python 2 as UTF-8
  brine json orders.pkl | jq '.orders[0]'    for other programs
  brine stat --html map.html model.pkl       what takes the space, as a page

Exit status: 0 all well, 1 something could not be read, 2 the command line is wrong.`;

/** What the help says beyond the options: of `brine json`. */
export const jsonNotes = `
What JSON has no value for:
  int beyond 2^53      its digits, all of them
  inf, nan             {"$float": "nan"}, or as --nan says
  bytes, bytearray     {"$bytes": "base64"}
  tuple, set           an array; with --tagged {"$tuple": […]}, {"$set": […]}, {"$frozenset": […]}
  dict                 an object if every key is a str, else {"$dict": [[key, value], …]}
  a key "$x"           "$$x"
  datetime, Decimal    "2024-03-16T09:30:00", "1.50"; UUID, Fraction, paths and so on are texts too;
                       with --tagged {"$type": "decimal.Decimal", "$value": "1.50"}
  class, function      {"$global": "module.name"}
  object               {"$type": "module.Name", "$args": […], "attribute": …}
  a cycle              {"$ref": "$.path"}, the JSONPath of where the value is written

Examples:
  brine json orders.pkl | jq '.orders[0].customer.name'
  brine json --array log.pkl | jq length
  brine json --indent 2 --encoding latin1 session.pkl`;

/** What the help says beyond the options: of `brine stat`. */
export const statNotes = `
Every byte counts once by path, once by type and once by opcode. In a path, [*] are the items of a list, .* the entries of a
dict whose keys are many. By type, an object counts by its class, with its arguments and attributes; in parentheses is
what is no value: references to the memo, what is kept there, framing.

Examples:
  brine stat cache.pkl
  brine stat --by type --top 5 cache.pkl
  brine stat --svg map.svg --html map.html cache.pkl
  brine stat --json cache.pkl | jq '.paths[:3]'`;

/** What the help says beyond the options: of `brine compact`. */
export const compactNotes = `
Without -o, a terminal is told what would be saved, and anything else is given the bytes.

Examples:
  brine compact cache.pkl                        what it would save
  brine compact cache.pkl -o smaller.pkl         equal values, fewer bytes
  brine compact --protocol 5 old.pkl -o new.pkl  with the opcodes of Python 3.8
  brine compact --canonical a.pkl | sha256sum    the same for all equal values`;

/** What the help says beyond the options: of `brine verify`. */
export const verifyNotes = `
A line for each finding: offset, opcode, severity, code, what is wrong, and who refuses it.
  error     pickle.loads refuses it, whatever it is given
  warning   not all readers take it, or it needs something, or it may not mean what it seems to
  note      fine, but unusual or a waste

Examples:
  brine verify upload.pkl                    every irregularity, not only the first
  brine verify --strict --json *.pkl         for a pipeline
  brine verify --explain session.pkl         with what the codes mean
  brine verify --given checkpoint/data.pkl   the reader knows persistent ids, as torch does

Exit status: 0 no errors (with --strict, no warnings), 1 some, or something could not be read, 2 the command line is wrong.`;

/** What the help says beyond the options: of `brine diff`. */
export const diffNotes = `
A line for each difference: a sign, the path, and the values.
  +  added             -  removed            ~  changed
  !  of another type   >  moved in its list  &  shared with something else (--sharing)

Protocols make no difference: the same value written in two of them is equal. No class is loaded: objects are compared
by class and state. A file of several pickles is compared as a list of them.

Examples:
  brine diff yesterday.pkl today.pkl         what has changed
  brine diff --json a.pkl b.pkl | jq .rows   for other programs
  redis-cli --raw get session:42 | brine diff saved.pkl -

Exit status: 0 equal, 1 different, 2 trouble, as of diff(1).`;

/** What the help says beyond the options: of `brine types`. */
export const typesNotes = `
The more pickles, the better: what is missing in some is optional, what differs is a union. A str is a literal type where few
different ones came often. Instances of unknown classes are what loads gives for them, with the types of their attributes; with
--attributes, and with --zod, they are their attributes. Of a file that is larger than memory, lists, dicts and sets are read
item by item.

Examples:
  brine types cache.pkl > cache.ts             what loads(data) is
  brine types --root Session sessions/*.pkl    one type for all
  brine types --zod cache.pkl -o cache.ts      a schema: loads(data, { schema: Root })`;
