// Does a browser see what the sanitiser meant? Every attack is cleaned by build/…/text_sanitize, then put
// into Chromium twice: by innerHTML and as a document of its own (iframe srcdoc). Counted are
// executions (the attacks call hit), nodes and attributes that are not allowed, and differences between
// the browser's tree and what was written. The control puts the raw strings into srcdoc: some must
// execute, or the experiment proves nothing.
//
//   node tests/browser/sanitizer_roundtrip.mjs build/tests/tools/text_sanitize [attacks.jsonl]
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const {chromium} = createRequire(path.join(root, 'web/package.json'))('playwright-core');

const [tool = path.join(root, 'build/tests/tools/text_sanitize'),
       file = path.join(root, 'src/text/fixtures/attacks.jsonl')] = process.argv.slice(2);
const lines = fs.readFileSync(file, 'utf8').trimEnd();
const raw = lines.split('\n').map(line => JSON.parse(line));
const run = spawnSync(tool, [], {input: lines + '\n', encoding: 'utf8', maxBuffer: 1 << 28});
if (run.status !== 0) throw new Error(`${tool}: ${run.stderr || run.error}`);
const clean = run.stdout.trimEnd().split('\n').map(line => JSON.parse(line));
if (clean.length !== raw.length) throw new Error(`${raw.length} strings in, ${clean.length} out`);

/** Runs in the page. Writes a tree by the rules of the sanitiser, so that equal strings mean equal trees. */
function install() {
    const allowed = new Set(('p h2 h3 h4 h5 h6 ul ol li dl dt dd strong em u s sub sup mark small abbr cite q kbd code '
        + 'del ins span a img br hr table caption colgroup col thead tbody tfoot tr th td blockquote pre figure '
        + 'figcaption div ruby rt rp details summary').split(' '));
    const attributes = new Set('href rel title src alt class lang colspan rowspan scope span start type width height open'.split(' '));
    const escapes = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;', '=': '&#61;', '\n': '&#10;', '\t': '&#9;'};
    window.hits = [];
    window.hit = () => window.hits.push(window.current);
    window.write = (node, bad) => {
        let out = '';
        for (const child of node.childNodes) {
            if (child.nodeType === 3) { out += child.data.replace(/[&<>]/g, c => escapes[c]); continue; }
            if (child.nodeType !== 1) { bad.push('#' + child.nodeType); continue; }
            const name = child.localName;
            if (!allowed.has(name) || child.namespaceURI !== 'http://www.w3.org/1999/xhtml') bad.push(name);
            out += '<' + name;
            for (const {name: key, value} of child.attributes) {
                if (!attributes.has(key)) bad.push(name + '@' + key);
                out += ` ${key}="${value.replace(/[&<>"'`=\n\t]/g, c => escapes[c])}"`;
            }
            out += '>';
            if (['br', 'hr', 'img', 'col'].includes(name)) continue;
            if (name === 'pre' && child.firstChild?.nodeType === 3 && child.firstChild.data[0] === '\n') out += '\n';
            out += window.write(child, bad) + `</${name}>`;
        }
        return out;
    };
    window.frame = (html, index) => new Promise(resolve => {
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
        let done = false;
        const finish = loaded => { if (!done) { done = true; resolve({frame, loaded}); } };
        frame.onload = () => setTimeout(() => finish(true), 40); // Time for onerror and the like.
        setTimeout(() => finish(false), 4000);
        frame.srcdoc = `<!DOCTYPE html><html><head><script>window.hit=()=>parent.hits.push(${index})</script></head><body>${html}</body></html>`;
        document.body.append(frame);
    });
}

const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']});
const context = await browser.newContext();
// Nothing leaves the machine; every address fails, so that onerror fires.
await context.route('**/*', route => route.request().url().startsWith('http://page.test/') && route.request().isNavigationRequest() && !route.request().frame().parentFrame()
    ? route.fulfill({contentType: 'text/html', body: '<!DOCTYPE html><meta charset=utf-8><body><div id=host></div>'}) : route.abort());

async function inPages(strings, work) {
    const results = [];
    for (let from = 0; from < strings.length; from += 100) {
        const page = await context.newPage();
        page.on('dialog', dialog => dialog.dismiss());
        await page.goto('http://page.test/');
        await page.evaluate(install);
        results.push(...await page.evaluate(work, {strings: strings.slice(from, from + 100), from}));
        await page.close();
    }
    return results;
}

const byInner = async ({strings, from}) => {
    const host = document.getElementById('host');
    const results = [];
    for (const [index, html] of strings.entries()) {
        window.current = from + index;
        host.innerHTML = html;
        const bad = [];
        const written = window.write(host, bad);
        await new Promise(resolve => setTimeout(resolve, 5));
        results.push({bad, differs: written !== html, written, loaded: true});
    }
    await new Promise(resolve => setTimeout(resolve, 300));
    for (const hit of window.hits) results[Math.max(0, hit - from)].executed = true;
    return results;
};
const byFrame = async ({strings, from}) => {
    const results = [];
    for (let at = 0; at < strings.length; at += 10) {
        const batch = strings.slice(at, at + 10);
        const frames = await Promise.all(batch.map((html, index) => window.frame(html, from + at + index)));
        for (const [index, {frame, loaded}] of frames.entries()) {
            const bad = [];
            let written = '';
            try { written = window.write(frame.contentDocument.body, bad); } catch { bad.push('navigated away'); }
            results.push({bad, differs: written !== batch[index], written, loaded});
            frame.remove();
        }
    }
    for (const hit of window.hits) if (results[hit - from]) results[hit - from].executed = true;
    return results;
};

function report(name, strings, results) {
    const count = test => results.filter(test).length;
    const line = {
        cases: results.length,
        executed: count(r => r.executed),
        'not allowed': count(r => r.bad.length > 0),
        'trees that differ': count(r => r.differs),
        'not loaded': count(r => !r.loaded),
    };
    console.log(name.padEnd(22), JSON.stringify(line));
    return line;
}

const inner = await inPages(clean, byInner);
const framed = await inPages(clean, byFrame);
const control = await inPages(raw, byFrame);
await browser.close();

const a = report('cleaned, innerHTML', clean, inner);
const b = report('cleaned, srcdoc', clean, framed);
const c = report('control: raw, srcdoc', raw, control);
let failures = 0;
for (const results of [inner, framed])
    for (const [index, result] of results.entries())
        if (result.executed || result.bad.length || result.differs || !result.loaded)
            if (++failures <= 10) console.log('\nraw   ', JSON.stringify(raw[index]), '\nclean ', clean[index], '\nread  ', result.written, result.bad, result);
if (c.executed < 50) { console.log('The control hardly executes: the experiment is broken.'); failures++; }
process.exit(failures === 0 ? 0 : 1);
