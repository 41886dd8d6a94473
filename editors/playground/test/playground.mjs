// The page in Chromium, from a folder: what each button does, all examples, the link there and back, a narrow screen.
//
//     CHROMIUM=path node test/playground.mjs [PICTURES]       (after `node build.mjs`)
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { examples } from '../src/examples.js';

const [pictures] = process.argv.slice(2);
const page_url = new URL('../dist/index.html', import.meta.url).href;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const start = performance.now();
const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: 'light', offline: true });
const page = await context.newPage();
page.setDefaultTimeout(15_000);
const wrong = [];
page.on('pageerror', (error) => wrong.push(error.message));
page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
page.on('request', (request) => /^https?:/.test(request.url()) && wrong.push(`asked for ${request.url()}`));

const outcome = page.locator('#outcome');
const ready = async () => page.locator('body[data-ready]').waitFor();
const idle = async () => page.locator('body:not([data-busy])').waitFor();
const click = (name) => page.getByRole('button', { name, exact: true }).click();
const write = (text) => page.evaluate((text) => {
  const { script } = globalThis.playground;
  script.dispatch({ changes: { from: 0, to: script.state.doc.length, insert: text } });
}, text);
const script = () => page.evaluate(() => globalThis.playground.script.state.doc.toString());
async function picture(name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/playground-${name}.png`, fullPage: true });
}

try {
  await page.goto(page_url);
  await ready();
  const loaded = performance.now() - start;

  // Every example has no findings and runs; its values stand in it.
  for (const [index, { name, script }] of examples.entries()) {
    await page.selectOption('#example', String(index));
    await click('Run');
    await page.locator('#picture img').waitFor();
    await idle();
    assert.match(await outcome.textContent(), /^completed/, name);
    if (script.includes('"print"')) assert.notEqual(await page.locator('#printed').textContent(), '', name);
    assert.ok((await page.locator('.value').count()) > 0, name);
    assert.ok(await page.locator('#picture img').evaluate((image) => image.naturalWidth > 50), name);
    if (index === 3) assert.ok((await page.locator('.value.failed').count()) > 0, 'the error stands where it happened');
  }

  // The race has two ends; the other one can be shown with its order.
  await click('Explore orders');
  await page.locator('#ends li').nth(1).waitFor();
  assert.match(await outcome.textContent(), /^2 ends in all 4 orders/);
  const usual = await page.locator('#printed').textContent();
  await page.locator('#ends button').nth(1).click();
  await page.locator('#picture img').waitFor();
  await idle();
  assert.notEqual(await page.locator('#printed').textContent(), usual);
  await picture('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture('dark');
  await page.emulateMedia({ colorScheme: 'light' });

  // The link carries all three.
  const order = await page.inputValue('#order');
  await page.fill('#fault', 'double @ada→@init');
  await click('Link');
  await page.waitForFunction(() => location.hash.startsWith('#s='));
  const copy = await context.newPage();
  await copy.goto(page.url());
  await copy.locator('body[data-ready]').waitFor();
  assert.deepEqual([await copy.inputValue('#order'), await copy.inputValue('#fault')], [order, 'double @ada→@init']);
  const texts = (of) => of.evaluate(() => Object.values(globalThis.playground).map((view) => view.state.doc.toString()));
  assert.deepEqual(await texts(copy), await texts(page));
  await copy.close();

  // Faults: none harms where two are asked, and each can be shown; without the second peer it does harm.
  await page.selectOption('#example', '8');
  await click('Try faults');
  await page.locator('#ends li').first().waitFor();
  assert.match(await outcome.textContent(), /^0 of 6 single faults/);
  await page.locator('#ends button').first().click();
  await page.locator('#picture img').waitFor();
  await idle();
  assert.match(await page.inputValue('#fault'), /^lose /);
  assert.match(await outcome.textContent(), /^completed/);
  await write((await script()).replace('"@second"', '"@first"'));
  await page.fill('#fault', '@first dies after 0');
  await click('Run');
  await page.locator('#outcome:not([data-kind=completed])').waitFor();

  // Findings, hover, completion, colours, format; all from the language server.
  await write('(seq (ap 1 x) (call "@a" ("s" "f") [nope] y))');
  const mark = page.locator('.cm-lintRange-error', { hasText: 'nope' });
  await mark.waitFor();
  await mark.hover();
  await page.locator('.cm-tooltip', { hasText: 'nope' }).first().waitFor();
  await page.locator('.t-keyword', { hasText: 'call' }).waitFor();
  await page.mouse.move(0, 0);
  await page.locator('.t-keyword', { hasText: 'call' }).hover();
  await page.locator('.cm-lsp-hover-tooltip').waitFor();
  await click('Format');
  await page.waitForFunction(() => globalThis.playground.script.state.doc.toString().startsWith('(seq\n (ap 1 x)\n'));
  await click('Run');
  await page.locator('#outcome[data-kind]', { hasText: /nope|fail|error/ }).waitFor();
  await write('(');
  await page.locator('#script .cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('fo');
  await page.locator('.cm-tooltip-autocomplete', { hasText: 'fold' }).waitFor();
  await page.keyboard.press('Escape');

  // What takes too long is stopped, and the next run works.
  await write('(seq (call %init_peer_id% ("op" "array") [1 2 3 4 5 6 7 8 9 10 11 12] l) (par (fold l a (par (call "@a" ("s" "f") [a] $r) (next a))) (fold l b (par (call "@b" ("s" "f") [b] $r) (next b)))))');
  await click('Explore orders');
  await click('Stop');
  await outcome.filter({ hasText: 'stopped' }).waitFor();
  await page.selectOption('#example', '0');

  // By keyboard alone: from the editor, run.
  await page.locator('#script .cm-content').focus();
  await page.keyboard.press('Control+Enter');
  await outcome.filter({ hasText: /^completed/ }).waitFor();

  // A narrow screen scrolls down only.
  await page.setViewportSize({ width: 375, height: 800 });
  await idle();
  await picture('narrow');
  const [inner, scroll] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  assert.ok(scroll <= inner, `${scroll} pixels wide on a screen of ${inner}`);

  // Everything that can be used has a name.
  const unnamed = await page.evaluate(() =>
    [...document.querySelectorAll('button, select, input, [role=textbox], img')]
      .filter((it) => !it.closest('[aria-hidden=true], .cm-panels') && !(it.getAttribute('aria-label') || it.labels?.length || it.alt || it.textContent.trim()))
      .map((it) => it.outerHTML));
  assert.deepEqual(unnamed, []);
  assert.deepEqual(wrong, []);
  assert.ok((await script()).length > 0);
  console.log(`playground: ${examples.length} examples; ready after ${loaded.toFixed(0)} ms, all in ${(performance.now() - start).toFixed(0)} ms`);
} catch (error) {
  await page.screenshot({ path: 'out/failed.png' }).catch(() => {});
  console.log('FAILED', error, wrong, await outcome.textContent().catch(() => ''));
  process.exitCode = 1;
} finally {
  await browser.close();
}
