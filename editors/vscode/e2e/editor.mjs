// What a user does in the workbench, in terms of what a user sees.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "./rig.mjs";

export class Editor {
  constructor(page, rig, pictures) {
    this.page = page;
    this.rig = rig;
    this.pictures = pictures;
    mkdirSync(pictures, { recursive: true });
  }

  async load() {
    await this.page.goto(this.rig.address, { waitUntil: "domcontentloaded" });
    await this.page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
    // The window restores its side bar, which may be that of the tests.
    const file = this.page.locator(".explorer-folders-view .monaco-list-row").first();
    await until(async () => {
      await file.waitFor({ timeout: 5000 }).catch(() => this.press("Control+Shift+E"));
      return file.isVisible();
    }, 60_000);
  }

  async open(name) {
    await this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first().dblclick();
    await this.tab(name).waitFor();
    await this.lines().first().waitFor();
  }

  tab(name) {
    return this.page.locator(".tab.active", { hasText: name }).first();
  }

  /** The lines of an editor group; groups count from 0. */
  lines(group = 0) {
    return this.page.locator(".editor-group-container").nth(group).locator(".editor-instance .view-line");
  }

  /** The first line that contains `text`; a space stands for any white space. */
  line(text, group = 0) {
    return this.lines(group).filter({ hasText: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "\\s+")) }).first();
  }

  word(text, group = 0) {
    return this.lines(group).locator("span > span", { hasText: new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`) }).first();
  }

  async texts(group = 0) {
    const all = await this.lines(group).evaluateAll((lines) => lines.map((line) => [Number.parseFloat(line.style.top), line.textContent]));
    return all.sort((a, b) => a[0] - b[0]).map(([, text]) => text.replaceAll("\u00a0", " "));
  }

  async command(title) {
    await this.quickInput("F1", `>${title}`);
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ has: this.page.locator(".label-name", { hasText: title }) }).first();
    await row.waitFor();
    await row.click();
  }

  /** Opens an input box by a key and fills it. If a change of focus closes the box, opens it again. */
  async quickInput(key, text) {
    const input = this.page.locator(".quick-input-widget input.input");
    await until(async () => {
      if (!(await input.isVisible())) await this.page.keyboard.press(key);
      await input.fill(text, { timeout: 2000 });
      return true;
    });
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async toLine(line, column = 1) {
    await this.quickInput("Control+G", `:${line}:${column}`);
    await this.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Changes the user's settings and reloads: the rig's VS Code does not watch the file. */
  async configure(settings) {
    this.rig.configure(settings);
    await this.load();
  }

  lens(text) {
    return this.page.locator(".codelens-decoration a", { hasText: text }).first();
  }

  /** Lenses are redrawn whenever the layout changes, so a click may hit one that is being removed: tries again. */
  async clickLens(text) {
    await until(async () => {
      await this.lens(text).click({ timeout: 1000 });
      return true;
    });
  }

  hints() {
    return this.page.locator(".editor-instance .view-line [class*='inlay'], .editor-instance .view-line [class*='dyn-rule']");
  }

  /** The document inside the visible webview. */
  webview() {
    return this.page.frameLocator("iframe.webview.ready").last().frameLocator("#active-frame");
  }

  notification(text) {
    return this.page.locator(".notification-list-item-message", { hasText: text }).first();
  }

  status(text) {
    return this.page.locator(".statusbar-item", { hasText: text }).first();
  }

  async closeAll() {
    await this.press("Escape");
    await this.command("View: Close All Editor Groups");
    await this.page.locator(".tab").first().waitFor({ state: "detached" }).catch(() => {});
  }

  /** `wide`: without the side bar, for two editors beside each other. */
  async picture(name, { wide = false } = {}) {
    if (wide) await this.press("Control+B");
    // Until animations have ended.
    await this.page.waitForTimeout(wide ? 500 : 150);
    await this.page.screenshot({ path: join(this.pictures, `${name}.png`) });
    if (wide) await this.press("Control+B");
  }
}
