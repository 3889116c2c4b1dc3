import { decodeLatin1, isAscii } from "../../bytes/utf8.ts";
import { mapTo3 } from "../../types/import-maps.ts";
import { type Constants, GLOBAL, TEXT } from "./constants.ts";

/** A text of characters below 0x100 as bytes. */
export const bytesOfText = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Names are ASCII where they are mapped. */
function nameOf(constants: Constants, value: number): string | undefined {
  const content = constants.contentOf(value);
  return isAscii(content, 0, content.length) ? decodeLatin1(content, 0, content.length) : undefined;
}

/**
 * The global of a module and name, two texts.
 *
 * @param isPython2 - whether the names are those of Python 2, and are to become those of Python 3.
 */
export function globalConstant(
  constants: Constants,
  module: number,
  name: number,
  isPython2: boolean,
): number {
  const parts = Int32Array.of(module, name);
  if (isPython2) {
    const [from, called] = [nameOf(constants, module), nameOf(constants, name)];
    if (from !== undefined && called !== undefined) {
      mapTo3(from, called).forEach((text, at) => {
        parts[at] = constants.content(TEXT, bytesOfText(text), 0, text.length);
      });
    }
  }
  return constants.compound(GLOBAL, parts, 0, 2);
}
