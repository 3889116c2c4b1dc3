import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { judgeInterpreter } from "../../brine/test/support/interpreters.ts";
import { bin, file, folder } from "./command.ts";

// Runs the command in a terminal of its own, its output in a file, and feeds it a pickle without end until the progress
// shows; then Ctrl-C is pressed, or the pickle ends. Tells the status and what the terminal was sent.
const script = `
import json, os, pty, select, sys, threading
node, command, output, keys = sys.argv[1:5]
read, write = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.dup2(read, 0)
    os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.close(write)
    os.execv(node, [node, command, "cat", "-"])
os.close(read)
shown = b""
seen = threading.Event()
def feed():
    try:
        os.write(write, b"\\x80\\x04")
        while not seen.wait(0.02): os.write(write, b"N0" * 1000)
        if keys == "": os.write(write, b"N.")
        else: os.write(terminal, keys.encode())
    except BrokenPipeError: pass
    if keys == "": os.close(write)
feeder = threading.Thread(target=feed)
feeder.start()
while True:
    try: part = os.read(terminal, 65536)
    except OSError: break
    if not part: break
    shown += part
    if b" MiB" in shown: seen.set()
feeder.join()
print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()]))
`;

const ESC = "\u001b";

function inTerminal(name: string, keys: string): { status: number; shown: string; output: string } {
  const output = file(name, "");
  const { stdout, stderr } = spawnSync(
    judgeInterpreter().path,
    ["-c", script, process.execPath, bin, output, keys],
    { encoding: "utf8", cwd: folder },
  );
  expect(stderr).toBe("");
  const [status, shown] = JSON.parse(stdout) as [number, string];
  return { status, shown, output: readFileSync(output, "utf8") };
}

const spools = (): string[] => readdirSync(tmpdir()).filter((name) => /^brine-\w{6}$/.test(name));

test.each([
  ["the end of the work", "", 0, "None\n"],
  ["Ctrl-C", "\u0003", 130, ""],
])(
  "the progress of long work shows in a terminal, which is as it was after %s",
  { timeout: 30_000 },
  (name, keys, wanted, written) => {
    const before = spools();
    const { status, shown, output } = inTerminal(`${name}.txt`, keys);
    expect({ status, output }).toEqual({ status: wanted, output: written });
    expect(shown).toContain("standard input: 0 MiB");
    // The line is empty again, and neither the wrapping of lines nor the cursor was turned off.
    expect(shown.trimEnd().endsWith(`${ESC}[2K`)).toBe(true);
    expect(shown).not.toContain(`${ESC}[?7l`);
    expect(shown).not.toContain(`${ESC}[?25l`);
    expect(spools()).toEqual(before);
  },
);
