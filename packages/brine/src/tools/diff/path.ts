/** Where a value is: a step, and the path it goes on from. */
export interface Path {
  readonly parent: Path | undefined;
  readonly step: string;
}

/** More steps than this are left out in the middle. */
const STEPS = 100;

export const ROOT: Path = { parent: undefined, step: "$" };

/** A path one step further. */
export function below(parent: Path, step: string): Path {
  return { parent, step };
}

/** A path as text, such as `$.users[3].name`. */
export function pathText(path: Path): string {
  const steps: string[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.parent) {
    steps.push(at.step);
    if (steps.length > STEPS) {
      steps.push("$…");
      break;
    }
  }
  return steps.toReversed().join("");
}
