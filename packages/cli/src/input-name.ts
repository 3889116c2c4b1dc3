/** What a file is called in what is told of it. */
export const inputName = (file: string): string => (file === "-" ? "standard input" : file);
