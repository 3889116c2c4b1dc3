import { createColors } from "picocolors";

/** What a piece of text is, for its colour. */
export type Style = "plain" | "text" | "number" | "constant" | "name" | "attribute" | "label" | "note";

/** Puts a text into its colour. */
export type Paint = (style: Style, text: string) => string;

/** With colours, or without. */
export function painter(colors: boolean): Paint {
  if (!colors) return (_, text) => text;
  const { green, yellow, magenta, cyan, blue, red, dim } = createColors(true);
  const formatters = {
    text: green,
    number: yellow,
    constant: magenta,
    name: cyan,
    attribute: blue,
    label: red,
    note: dim,
  };
  return (style, text) => (style === "plain" ? text : formatters[style](text));
}

/** Whether to colour: as the option says, else as NO_COLOR, FORCE_COLOR and TERM say, else on a terminal. */
export function wantsColor(
  option: boolean | undefined,
  isTerminal: boolean,
  environment: NodeJS.ProcessEnv,
): boolean {
  if (option !== undefined) return option;
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = environment;
  if (no !== undefined && no !== "") return false;
  if (force !== undefined && force !== "") return force !== "0";
  return isTerminal && term !== "dumb";
}
