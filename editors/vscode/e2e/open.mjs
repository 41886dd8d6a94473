// Installs a VSIX in the rig and opens it: `npm run rig -- air.vsix [FOLDER]`; prints the address for a browser and ends
// with Ctrl+C. `--shot FILE` takes a screenshot in headless Chromium instead.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Rig } from "./rig.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { shot: { type: "string" }, open: { type: "string", default: "shop.air" } } });
const [vsix, folder] = positionals;
if (!vsix) {
  console.error("usage: npm run rig -- FILE.vsix [FOLDER] [--shot FILE.png]");
  process.exit(2);
}
const rig = await Rig.start({ extensions: [resolve(vsix)], workspace: resolve(folder ?? `${import.meta.dirname}/workspace`) });
console.log(rig.address);
if (values.shot) {
  const page = await rig.browse();
  try {
    await page.goto(rig.address);
    await page.locator(".explorer-folders-view .monaco-list-row", { hasText: values.open }).first().dblclick();
    await page.locator(".editor-instance .view-line").first().waitFor();
    await page.locator(".codelens-decoration a").first().waitFor();
  } finally {
    await page.screenshot({ path: values.shot });
    await rig.stop();
  }
} else {
  process.on("SIGINT", () => void rig.stop().then(() => process.exit(0)));
}
