// Holds the public face: the report of each entry in packages/brine/api is what the built types say.
// With --update, writes the reports anew.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { entries } from "./entries.mjs";
import { cache, root } from "./project.mjs";

const update = process.argv.includes("--update");
const folder = join(root, "packages/brine");
const reportFolder = join(folder, "api");
const reportTempFolder = join(cache, "api");
mkdirSync(reportTempFolder, { recursive: true });
mkdirSync(reportFolder, { recursive: true });

let failed = false;
for (const name of entries) {
  const reportFileName = `${name}.api.md`;
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, `dist/${name}.d.ts`),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "ES2023",
            lib: ["ES2023"],
            types: [],
            module: "ESNext",
            moduleResolution: "bundler",
          },
          include: ["dist"],
        },
      },
      // Helpers that a public type leans on, such as a base class, stand in the report too.
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFolder,
        reportTempFolder,
        reportFileName,
      },
      messages: {
        extractorMessageReporting: {
          // No release tags here: whatever an entry exports is public.
          "ae-missing-release-tag": { logLevel: "none" },
          "ae-forgotten-export": { logLevel: "none" },
          // A name that nothing explains is a mistake.
          "ae-undocumented": { logLevel: "error" },
          default: { logLevel: "warning", addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: "none" } },
      },
    },
  });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: false,
    messageCallback(message) {
      if (message.logLevel === "error") console.log(`${name}: ${message.formatMessageWithLocation(folder)}`);
      message.handled = true;
    },
  });
  if (errorCount > 0) failed = true;
  if (!apiReportChanged) continue;
  if (update) copyFileSync(join(reportTempFolder, reportFileName), join(reportFolder, reportFileName));
  else failed = true;
  console.log(
    `${reportFileName}: ${update ? "updated" : "the public face changed; see it with `npm run api`, then commit"}`,
  );
}

for (const file of readdirSync(reportFolder)) {
  if (entries.some((name) => file === `${name}.api.md`)) continue;
  if (update) rmSync(join(reportFolder, file));
  else failed = true;
  console.log(`${file}: ${update ? "removed" : "is the report of no entry"}`);
}
process.exitCode = failed ? 1 : 0;
