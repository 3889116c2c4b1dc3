import { eastAsianWidth } from "get-east-asian-width";

const ascii = /^[\x20-\x7e]*$/;
const zeroWidth = /\p{M}/u;

/** Columns that a text without control characters takes on a terminal. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (!zeroWidth.test(character)) width += eastAsianWidth(character.codePointAt(0) as number);
  }
  return width;
}
