// The scenes in an untrusted workspace, without a server, and with an old one.

const untrusted = async (editor, assert) => {
  await editor.open("findings.air");
  await editor.page.locator(".squiggly-error").first().waitFor();
  await editor.status("Restricted Mode").waitFor();
  await editor.picture("untrusted");
  // The user's setting asks for runs on save; in an untrusted workspace they do not happen.
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
  // Without a server the grammar alone sets the colours: ours, although another extension has one for the same language.
  await editor.open("findings.air");
  const colour = async (text) => editor.word(text).evaluate((word) => getComputedStyle(word).color);
  const [keyword, service, name] = [await colour("call"), await colour('"service"'), await colour('"load"')];
  // The other grammar marks all of them as `invalid`.
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
