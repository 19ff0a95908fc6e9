// What the page's own files must never contain: a way for a log's text to become markup, anything the content security
// policy would stop, anything from elsewhere.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const WEB = new URL('../', import.meta.url);
const listed = (folder) => readdirSync(new URL(folder, WEB)).map((name) => `${folder}${name}`);
const scripts = ['app.js', ...listed('lib/'), ...listed('ui/')].filter((name) => /(?<!\.test)\.js$/.test(name));
const read = (name) => readFileSync(new URL(name, WEB), 'utf8');

test('scripts make no markup and no code of text', () => {
  assert.ok(scripts.length > 5);
  for (const name of scripts) {
    assert.doesNotMatch(read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|setHTML|srcdoc|createContextualFragment/, name);
  }
});

test('the page has nothing inline and nothing from elsewhere', () => {
  const page = read('index.html');
  assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
  for (const name of ['index.html', 'style.css', ...scripts]) {
    const text = read(name).replaceAll('http://www.w3.org/2000/svg', '');
    assert.doesNotMatch(text, /https?:\/\/(?!…)|@import|url\(/, name);
  }
});

test('modules import what is there, by a name the server serves', () => {
  for (const name of scripts) {
    for (const [, path] of read(name).matchAll(/from '([^']+)'/g)) {
      assert.match(path, /^\.\.?\/.*\.js$/, name);
      const target = new URL(path, new URL(name, WEB)).pathname.slice(WEB.pathname.length);
      assert.ok(scripts.includes(target), `${name} imports ${path}`);
    }
  }
});
