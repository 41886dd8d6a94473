// What is tried in a workspace that is not trusted, and without a server.

const untrusted = async (editor, assert) => {
  await editor.open("findings.air");
  await editor.page.locator(".squiggly-error").first().waitFor();
  await editor.status("Restricted Mode").waitFor();
  await editor.picture("untrusted");
  // The setting of the user says that scripts run when saved; here they do not.
  await editor.configure({ "air.run.on-save": true });
  await editor.open("shop.air");
  await editor.lens("Run with").waitFor();
  await editor.toLine(1, 3);
  await editor.press("x", "Control+S");
  await editor.page.waitForTimeout(1500);
  assert.ok(!(await editor.texts()).some((text) => text.includes("= {")), "nothing ran");
};

const missing = async (editor) => {
  await editor.open("shop.air");
  await editor.notification("There is no program /nowhere/air-lsp").waitFor();
  await editor.page.locator(".notification-list-item", { hasText: "no program" }).locator("a", { hasText: "Open Settings" }).waitFor();
  await editor.picture("missing");
};

const rival = async (editor, assert) => {
  // Without a server the grammar alone gives the colours: ours, although another extension has one for the same language.
  await editor.open("findings.air");
  const colour = async (text) => editor.word(text).evaluate((word) => getComputedStyle(word).color);
  const [keyword, service, name] = [await colour("call"), await colour('"service"'), await colour('"load"')];
  // The other one makes them all `invalid`.
  assert.equal(new Set([keyword, service, name]).size, 3, `${keyword} ${service} ${name}`);
  await editor.picture("rival");
};

const old = async (editor) => {
  await editor.open("findings.air");
  await editor.notification("is 0.0.1; this extension needs").waitFor();
  await editor.picture("old");
};

export const restricted = [["untrusted workspace", untrusted]];

export const serverless = [["missing server", missing], ["beside the Aqua extension", rival]];

export const outdated = [["old server", old]];
