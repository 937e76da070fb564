// Writes named_references.inc: the named character references of the HTML standard. Run it by hand when
// the standard's table changes, in a folder where the npm packages `html-entities` (the names) and
// `entities` (their values) are installed: node make_named_references.mjs > named_references.inc
import {createRequire} from 'node:module';
const require = createRequire(process.cwd() + '/');
const {namedReferences} = require(process.cwd() + '/node_modules/html-entities/dist/commonjs/named-references.js');
const {decodeHTML} = require('entities');
const table = Object.keys(namedReferences.html5.entities).map(name => [name.slice(1), decodeHTML(name)]);
table.sort((a, b) => (a[0] < b[0] ? -1 : 1));
console.log('// Made by make_named_references.mjs; do not edit. Sorted by name in byte order.');
for (const [name, value] of table) {
    const points = [...value].map(c => '0x' + c.codePointAt(0).toString(16).toUpperCase());
    console.log(`{"${name}", ${points[0]}, ${points[1] ?? 0}},`);
}
