import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

// The scenes in a trusted workspace, in this order; each begins with whatever the one before left open.

const squiggle = async (editor, assert) => {
  await editor.open("findings.air");
  await editor.page.locator(".squiggly-error").first().waitFor();
  await editor.press("Control+Shift+M");
  await editor.page.locator(".markers-panel .monaco-list-row", { hasText: "unknown" }).first().waitFor();
  const rows = await editor.page.locator(".markers-panel .monaco-list-row").allTextContents();
  // walk.air is an animation of a game, not a script.
  assert.ok(!rows.some((row) => row.includes("walk.air")), rows.join("\n"));
  await editor.picture("problems");
  await editor.press("Control+J");
};

const hover = async (editor) => {
  await editor.open("findings.air");
  await editor.word("%init_peer_id%").or(editor.word("call")).first().hover();
  await editor.page.locator(".monaco-hover", { hasText: /call/ }).first().waitFor();
  await editor.picture("hover");
  await editor.press("Escape");
};

const completion = async (editor) => {
  await editor.open("findings.air");
  await editor.toLine(3, 42);
  await editor.press("Control+Space");
  await editor.page.locator(".suggest-widget .monaco-list-row", { hasText: "data" }).first().waitFor();
  await editor.picture("completion");
  await editor.press("Escape");
};

const rename = async (editor, assert, until) => {
  await editor.open("findings.air");
  await editor.toLine(2, 43);
  await editor.press("F2");
  const box = editor.page.locator(".rename-box input");
  await box.waitFor();
  await box.fill("goods");
  await editor.press("Enter");
  await until(async () => (await editor.texts()).filter((text) => /\bgoods\b/.test(text)).length === 2);
};

const format = async (editor, assert, until) => {
  await editor.press("Control+S");
  await until(async () => (await editor.texts()).some((text) => text === ' (call "@peer" ("service" "load") [] goods)'));
  assert.ok((await editor.texts()).includes(")"), "the last bracket is on a line of its own");
  await editor.picture("formatted");
};

const structural = async (editor, assert, until) => {
  await editor.open("shop.air");
  const before = await editor.texts();
  const line = before.findIndex((text) => text.includes('["tea"] price'));
  const column = before[line].indexOf("tea") + 1;
  await editor.toLine(line + 1, column);
  // The list takes in the form after it, and releases it again; the cursor stays in it.
  await editor.press("Control+Alt+Period");
  await until(async () => (await editor.texts())[line] !== before[line]);
  await editor.page.locator(".statusbar-item", { hasText: `Ln ${line + 1}, Col ${column}` }).waitFor();
  await editor.picture("slurped");
  await editor.press("Control+Alt+Comma");
  await until(async () => (await editor.texts())[line] === before[line]);
  await editor.command("AIR: Jump to Closing Bracket");
  const closing = before[line].indexOf("]") + 2;
  await editor.page.locator(".statusbar-item", { hasText: `Ln ${line + 1}, Col ${closing}` }).waitFor();
  await editor.press("Control+Z", "Control+Z");
  await editor.press("Control+S");
};

const outline = async (editor) => {
  await editor.open("shop.air");
  await editor.page.locator(".pane-header", { hasText: "Outline" }).click();
  await editor.page.locator(".outline-pane .monaco-list-row", { hasText: "stock" }).or(editor.page.locator(".outline-pane .monaco-list-row", { hasText: "xor" })).first().waitFor();
  await editor.picture("outline");
  await editor.page.locator(".pane-header", { hasText: "Outline" }).click();
};

/** Opens the script and makes sure that it has results of a run. */
const ran = async (editor, until) => {
  await editor.open("shop.air");
  await editor.lens("Run with shop.sample.json").waitFor();
  if (!(await editor.lens("instructions ran").isVisible())) await editor.clickLens("Run with shop.sample.json");
  await until(async () => (await editor.texts()).some((text) => text.includes("= {")));
};

const run = async (editor, assert, until) => {
  await ran(editor, until);
  await editor.lens("instructions ran").waitFor();
  await editor.status("completed").waitFor();
  // What did not run is dimmed.
  await editor.page.locator(".squiggly-inline-unnecessary, .unnecessary-code, [class*='squiggly-unnecessary']").first().waitFor();
  await editor.picture("run");
};

const explain = async (editor, assert, until) => {
  await ran(editor, until);
  await editor.toLine(12, 5);
  await editor.command("AIR: Explain Why This Did Not Run");
  await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: "only after an error" }).first().waitFor();
  await editor.picture("explain");
  await editor.press("Escape");
};

const diagram = async (editor, assert, until) => {
  await editor.closeAll();
  await ran(editor, until);
  await editor.clickLens("Diagram");
  const svg = editor.webview().locator("svg");
  await svg.waitFor();
  const call = editor.webview().locator("g[data-line='10']").filter({ hasText: "stock.price" });
  await call.waitFor();
  await editor.picture("diagram", { wide: true });
  const width = async () => Number(await svg.getAttribute("width"));
  const natural = await width();
  await editor.webview().locator("#larger").click();
  await until(async () => (await width()) > natural);
  await editor.webview().locator("#natural").click();
  await until(async () => (await width()) === natural);
  const head = editor.webview().locator("g[data-head='0']");
  const dimmed = () => editor.webview().locator("g.dim").count();
  await head.click();
  await until(async () => (await dimmed()) > 0);
  await head.click();
  await until(async () => (await dimmed()) === 0);
  await call.click();
  await editor.page.locator(".statusbar-item", { hasText: "Ln 10, Col 5" }).waitFor();
  await until(async () => (await editor.webview().locator("style").count()) <= 1);
};

const report = async (editor, assert, until) => {
  await editor.closeAll();
  await ran(editor, until);
  await editor.clickLens("Report");
  const view = editor.webview();
  await view.locator("details", { hasText: "Values" }).waitFor();
  await view.locator("#filter").fill("stock");
  await until(async () => !(await view.locator("tr:visible").allTextContents()).some((text) => text.includes("getDataSrv")));
  await editor.picture("report", { wide: true });
  await view.locator("#copy").click();
  await until(async () => JSON.parse(await editor.page.evaluate(() => navigator.clipboard.readText())).outcome.status === "completed");
  await view.locator("tr", { hasText: "stock.price" }).first().click();
  await editor.page.locator(".statusbar-item", { hasText: "Ln 10, Col 5" }).waitFor();
};

const clear = async (editor, assert, until) => {
  await editor.closeAll();
  await ran(editor, until);
  await editor.toLine(1, 3);
  await editor.press("x");
  await until(async () => !(await editor.texts()).some((text) => text.includes("= {")));
  await editor.press("Control+Z");
  await editor.press("Control+S");
};

const beautified = async (editor, assert, until) => {
  await editor.closeAll();
  await editor.open("shop.air");
  await editor.command("AIR: Show Beautified View to the Side");
  await editor.line("order <- call", 1).click();
  await editor.page.locator(".statusbar-item", { hasText: /Ln \d+/ }).waitFor();
  await editor.picture("beautified", { wide: true });
  await editor.closeAll();
  await editor.open("long.air");
  await editor.command("AIR: Show Beautified View to the Side");
  await editor.line("value0 <- call", 1).waitFor();
  // The script scrolls and the view follows; then the other way round.
  await editor.toLine(116, 1);
  await editor.line("value39 <- call", 1).waitFor();
  await editor.picture("in-step", { wide: true });
  await editor.line("value39 <- call", 1).click();
  await editor.press("Control+End");
  await until(async () => (await editor.texts(0)).some((text) => text.includes("step63")));
  await editor.press("Control+Home");
  await until(async () => (await editor.texts(0)).some((text) => text.includes("step0")));
};

const sample = async (editor, assert, until) => {
  await editor.closeAll();
  await editor.open("shop.sample.json");
  await editor.toLine(2, 4);
  await editor.press("Home");
  await editor.page.keyboard.type('"servises": 1,');
  await editor.page.locator(".squiggly-warning, .squiggly-error").first().waitFor();
  await editor.picture("sample");
  await editor.command("File: Revert File");
  await until(async () => !(await editor.texts()).some((text) => text.includes("servises")));
};

const generate = async (editor, assert, until) => {
  await editor.closeAll();
  await editor.open("fresh.air");
  await editor.lens("Run").waitFor();
  await editor.command("AIR: Generate Sample Data");
  await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: "fresh.sample.json" }).first().click();
  await until(async () => (await editor.texts(1)).some((text) => text.includes('"services"') || text.includes('"function"')));
  await editor.picture("generated", { wide: true });
};

const tests = async (editor, assert, until) => {
  await editor.closeAll();
  await editor.command("Testing: Focus on Test Explorer View");
  const row = (text) => editor.page.locator(".test-explorer .monaco-list-row", { hasText: text }).first();
  await row("shop.air").waitFor();
  await editor.command("Test: Run All Tests with Coverage");
  await until(async () => (await row("shop.air").locator(".computed-state, [class*='testing-']").count()) > 0);
  if (!(await row("too cheap").isVisible())) await row("shop.air").locator(".monaco-tl-twistie").click();
  await row("too cheap").locator(".codicon-testing-failed-icon").waitFor();
  await row("in stock").locator(".codicon-testing-passed-icon").waitFor();
  await editor.command("View: Show Explorer");
  await editor.open("shop.air");
  await editor.page.locator(".coverage-deco-gutter.coverage-deco-hit").first().waitFor();
  await editor.page.locator(".coverage-deco-gutter.coverage-deco-miss").first().waitFor();
  await editor.command("Testing: Focus on Test Explorer View");
  await row("in stock").waitFor();
  await editor.picture("tests");
  await editor.command("View: Show Explorer");
};

const particle = async (editor, assert, until) => {
  await editor.closeAll();
  await editor.open("anomaly.json");
  await editor.command("AIR: Open Particle or Anomaly as Readable Document");
  await until(async () => (await editor.texts(1)).some((text) => text.includes("tea-particle")));
  await editor.page.locator(".codelens-decoration a", { hasText: "Replay" }).waitFor();
  await editor.picture("particle", { wide: true });
  await editor.clickLens("Replay");
  await until(async () => (await editor.page.locator(".view-line", { hasText: /same\s+as\s+recorded/ }).count()) > 0);
  await editor.picture("replay", { wide: true });
};

const crash = async (editor, assert, until) => {
  await editor.closeAll();
  await editor.open("findings.air");
  await editor.page.locator(".squiggly-error").first().waitFor();
  const first = editor.rig.servers();
  assert.equal(first.length, 1);
  process.kill(first[0], "SIGKILL");
  await until(() => editor.rig.servers().some((pid) => pid !== first[0]));
  await editor.status(/AIR: |AIR \d/).waitFor();
  await editor.toLine(1, 1);
  await editor.word("call").hover();
  await editor.page.locator(".monaco-hover", { hasText: /call/ }).first().waitFor();
  await editor.press("Escape");
};

/** Checked without the window: tasks need a terminal, which the rig's VS Code was built without. */
const matcher = async (editor, assert) => {
  const { contributes } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const pattern = contributes.problemPatterns.find(({ name }) => name === "air-concise");
  const { stdout } = spawnSync(editor.rig.program(), ["check", "--output-format", "concise", "findings.air"], { cwd: new URL("workspace", import.meta.url), encoding: "utf8" });
  const found = new RegExp(pattern.regexp).exec(stdout.split("\n")[0]);
  assert.deepEqual([found?.[pattern.file], found?.[pattern.line], found?.[pattern.severity], found?.[pattern.code]], ["findings.air", "3", "error", "V001"], stdout);
};

const light = async (editor, assert, until) => {
  await editor.configure({ "workbench.colorTheme": "Default Light Modern" });
  await editor.closeAll();
  await ran(editor, until);
  await editor.clickLens("Diagram");
  await editor.webview().locator("g[data-line='10']").filter({ hasText: "stock.price" }).waitFor();
  await editor.picture("diagram-light", { wide: true });
  await editor.configure({ "workbench.colorTheme": "Default Dark Modern" });
};

/** A run that goes on says so, and its lens ends it. */
const stop = async (editor) => {
  await editor.configure({ "air.run.time": 60_000 });
  await editor.closeAll();
  await editor.open("endless.air");
  await editor.clickLens("Run");
  await editor.lens("running · Stop").waitFor();
  await editor.status("running endless.air").waitFor();
  await editor.picture("running");
  await editor.clickLens("running · Stop");
  await editor.lens("running · Stop").waitFor({ state: "detached" });
  await editor.status("running endless.air").waitFor({ state: "detached" });
};

const walkthrough = async (editor) => {
  await editor.closeAll();
  await editor.command("Welcome: Open Walkthrough");
  await editor.page.locator(".quick-input-widget input.input").fill("AIR");
  await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: "Get Started with AIR" }).first().click();
  await editor.page.locator(".getting-started-step", { hasText: "Run it" }).first().click();
  await editor.page.locator(".getting-started-media img").first().waitFor();
  await editor.picture("walkthrough");
};

/** F5 without launch.json: to a breakpoint, into another peer, back to the call that sent the particle there. */
const debug = async (editor, assert, until) => {
  const row = (text) => editor.page.locator(".debug-call-stack .monaco-list-row", { hasText: text }).first();
  const focused = () => editor.page.locator(".debug-call-stack .monaco-list-row.selected, .debug-call-stack .monaco-list-row.focused").first().textContent();
  await editor.closeAll();
  await editor.open("shop.air");
  const lines = await editor.texts();
  const line = lines.findIndex((text) => text.includes('"price") ["tea"] price')) + 1;
  await editor.toLine(line, 5);
  const breakpoint = editor.page.locator(".codicon-debug-breakpoint").first();
  await until(async () => {
    if (!(await breakpoint.isVisible())) await editor.command("Debug: Toggle Breakpoint");
    await breakpoint.waitFor({ timeout: 5000 });
    return true;
  });
  await editor.line('"price"').click();
  await editor.press("F5");
  // The first instruction.
  await row("@init").waitFor();
  await until(async () => (await focused()).includes("getDataSrv"));
  await editor.press("F5");
  await until(async () => (await focused()).includes('"@shop" ("stock" "price")'));
  await row("@relay").waitFor();
  // Into the shop, and once more: there the price is known.
  await editor.press("F11");
  await row("@shop · 1/").waitFor();
  await editor.press("F11");
  await until(async () => (await editor.page.locator(".debug-variables .monaco-list-row", { hasText: "price" }).count()) > 0);
  await editor.picture("debug");
  // Back in the shop, and back over the way that the particle came.
  await editor.press("Alt+F11");
  await row("@shop · 1/").waitFor();
  await editor.press("Alt+F11");
  await until(async () => /paused on/i.test(await row("@relay").textContent()));
  await editor.picture("debug-back");
  await editor.press("Shift+F5");
  await editor.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  await editor.press("Control+Shift+E");
};

export const scenes = [
  ["squiggle", squiggle], ["hover", hover], ["completion", completion], ["rename", rename], ["format on save", format], ["structural editing", structural], ["outline", outline],
  ["run", run], ["explain", explain], ["diagram", diagram], ["report", report], ["cleared by an edit", clear], ["beautified view", beautified],
  ["sample data", sample], ["generate sample data", generate], ["test explorer", tests], ["particle", particle], ["crash", crash],
  ["problem matcher", matcher], ["light", light], ["stop", stop], ["debug", debug], ["walkthrough", walkthrough],
];
