// Comfort only: every page does its work without this file. Loaded in the head so that the class
// "js" is there before the first line is painted (no layout shift); it waits for nothing.
(function (d) {
    'use strict';
    var root = d.documentElement, speech = window.speechSynthesis;
    root.classList.add('js');
    function all(where, what) { return [].slice.call(where.querySelectorAll(what)); }
    function stored(v) {
        try {
            if (v) localStorage.setItem('size', v);
            return +localStorage.getItem('size') || 2;
        } catch (e) { return v || 2; }
    }
    function size(n) {
        for (var i = 1; i < 6; i++) root.classList.toggle('size-' + i, i === n && n !== 2);
    }
    size(stored());

    // Headings and lists become tabs (WAI-ARIA tabs pattern, arrows move).
    function tabs(box) {
        var bar = box.querySelector('.tabs'), links = all(bar, 'a');
        if (links.length < 1) return;
        bar.setAttribute('role', 'tablist');
        function pane(a) { return d.getElementById(a.getAttribute('href').slice(1)); }
        function pick(n, focus) {
            links.forEach(function (a, i) {
                var p = pane(a), on = i === n;
                a.setAttribute('aria-selected', on);
                a.tabIndex = on ? 0 : -1;
                p.hidden = !on;
            });
            if (focus) links[n].focus();
        }
        links.forEach(function (a, i) {
            var p = pane(a);
            a.id = p.id + '-tab';
            a.setAttribute('role', 'tab');
            a.setAttribute('aria-controls', p.id);
            p.setAttribute('role', 'tabpanel');
            p.setAttribute('aria-labelledby', a.id);
            a.addEventListener('click', function (e) { e.preventDefault(); pick(i); });
            a.addEventListener('keydown', function (e) {
                var step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
                if (step) { e.preventDefault(); pick((i + step + links.length) % links.length, true); }
            });
        });
        box.classList.add('on');
        pick(0);
    }

    // Reads the text aloud, paragraph by paragraph; pressed again, stops.
    function quiet() {
        speech.cancel();
        root.classList.remove('reads');
        all(d, '.reading').forEach(function (e) { e.classList.remove('reading'); });
    }
    function read() {
        var parts = all(d, 'h1,#text p,#text h2,#text h3,#text li'), at = 0;
        if (root.classList.contains('reads')) return quiet();
        quiet();
        root.classList.add('reads');
        (function next() {
            var part = parts[at++];
            all(d, '.reading').forEach(function (e) { e.classList.remove('reading'); });
            if (!part || !root.classList.contains('reads')) return quiet();
            var words = new SpeechSynthesisUtterance(part.textContent);
            words.lang = 'zh-CN';
            words.onend = next;
            part.classList.add('reading');
            speech.speak(words);
        })();
    }
    function voices() {
        var can = speech.getVoices().some(function (v) { return /^zh/.test(v.lang); });
        root.classList.toggle('can-read', can);
    }

    d.addEventListener('DOMContentLoaded', function () {
        all(d, '[data-tabs]').forEach(tabs);
        if (speech) { voices(); speech.onvoiceschanged = voices; }
    });
    d.addEventListener('click', function (e) {
        var b = e.target.closest && e.target.closest('[data-size],[data-read],[data-print]');
        if (!b) return;
        if (b.hasAttribute('data-print')) window.print();
        else if (b.hasAttribute('data-read')) read();
        else size(stored(Math.max(1, Math.min(5, stored() + +b.getAttribute('data-size')))));
    });
})(document);
