// The drawings, 320 by 240. Colours are the style sheet's; what moves has a class there, and stands still where the
// person asks for less motion. They repeat what the words say, so screen readers skip them, except in the guide.

const scene = (inside) => `<svg class="art" viewBox="0 0 320 240" xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;

const glow = `<ellipse cx="160" cy="212" rx="128" ry="14" fill="var(--art-shadow)"/>`;

/** A head and shoulders in a box, from its upper left corner. */
const bust = (x, y, size) => `<g transform="translate(${x} ${y}) scale(${size / 40})">
  <circle cx="20" cy="14" r="9" fill="var(--art-skin)"/><path d="M11 13a9 9 0 0 1 18 0c-3-5-6-6-9-6s-6 1-9 6z" fill="var(--art-hair)"/>
  <path d="M3 40c1-10 8-15 17-15s16 5 17 15z" fill="var(--art-cloth)"/></g>`;

/** The card, photo up: 132 by 84. No real card's look, only where its photo is. */
const card = (x, y) => `<g transform="translate(${x} ${y})">
  <rect width="132" height="84" rx="8" fill="var(--art-card)" stroke="var(--art-line)" stroke-width="2.5"/>
  <path d="M1.5 20V8.5a7 7 0 0 1 7-7h115a7 7 0 0 1 7 7V20z" fill="var(--art-card-top)"/>
  <rect x="10" y="28" width="36" height="46" rx="3" fill="var(--surface)" stroke="var(--art-line)" stroke-width="1.5"/>
  ${bust(11, 37, 34)}
  <path d="M56 34h64M56 46h48M56 58h58M56 70h30" stroke="var(--art-soft)" stroke-width="5" stroke-linecap="round"/></g>`;

/** The same standing on its short edge. */
const cardUpright = (x, y) => `<g transform="translate(${x + 84} ${y}) rotate(90)">${card(0, 0)}</g>`;

/** A flat reader with a marked place of `w` by `h`. */
const reader = (x, y, width, height, inner = "") => `<g transform="translate(${x} ${y})">
  <rect width="${width}" height="${height}" rx="18" fill="var(--art-device)" stroke="var(--art-line)" stroke-width="3"/>
  <rect x="16" y="16" width="${width - 32}" height="${height - 44}" rx="11" fill="var(--art-tray)" stroke="var(--accent)" stroke-width="3" stroke-dasharray="9 7"/>
  <circle cx="${width / 2}" cy="${height - 14}" r="5" fill="var(--accent)"/>${inner}</g>`;

const arrowDown = (x, y) => `<g class="art-down"><path d="M${x} ${y}v38" stroke="var(--accent)" stroke-width="11" stroke-linecap="round"/>
  <path d="M${x - 19} ${y + 24}l19 22 19-22" fill="none" stroke="var(--accent)" stroke-width="11" stroke-linecap="round" stroke-linejoin="round"/></g>`;
const arrowUp = (x, y) => `<g class="art-up"><path d="M${x} ${y + 46}v-38" stroke="var(--accent)" stroke-width="11" stroke-linecap="round"/>
  <path d="M${x - 19} ${y + 22}l19-22 19 22" fill="none" stroke="var(--accent)" stroke-width="11" stroke-linecap="round" stroke-linejoin="round"/></g>`;

const badge = (x, y, r, fill, inside) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/><g transform="translate(${x} ${y}) scale(${r / 24})" fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">${inside}</g>`;
const tick = `<path d="M-11 1l8 8 15-17"/>`;
const bang = `<path d="M0-12v14"/><path d="M0 12v.5"/>`;
const info = `<path d="M0-1v12"/><path d="M0-12v.5"/>`;

const paper = (x, y, lines) => `<g transform="translate(${x} ${y})"><path d="M8 0h74l26 26v106a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8V8a8 8 0 0 1 8-8z" fill="var(--surface)" stroke="var(--art-line)" stroke-width="3"/>
  <path d="M82 0v26h26" fill="var(--art-tray)" stroke="var(--art-line)" stroke-width="3" stroke-linejoin="round"/>${lines}</g>`;
const textLines = `<path d="M18 44h62M18 64h72M18 84h54M18 104h66" stroke="var(--art-soft)" stroke-width="7" stroke-linecap="round"/>`;

const key = (x, y) => `<rect x="${x}" y="${y}" width="40" height="32" rx="8" fill="var(--surface)" stroke="var(--art-line)" stroke-width="2.5"/>`;
const dots = (x, y, full) => [0, 1, 2, 3].map((at) => `<circle cx="${x + at * 34}" cy="${y}" r="11" fill="${at < full ? "var(--accent)" : "var(--surface)"}" stroke="var(--accent)" stroke-width="3.5"/>`).join("");

const phone = (x, y, inside) => `<g transform="translate(${x} ${y})"><rect width="86" height="156" rx="14" fill="var(--art-device)" stroke="var(--art-line)" stroke-width="3"/><rect x="9" y="16" width="68" height="120" rx="5" fill="var(--surface)"/><circle cx="43" cy="146" r="4" fill="var(--art-line)"/>${inside}</g>`;

/** To the right, or with -1 to the left. */
const waves = (x, y, side) => `<g class="art-waves" transform="translate(${x} ${y}) scale(${side} 1)" fill="none" stroke="var(--accent)" stroke-width="7" stroke-linecap="round"><path d="M0-20a34 34 0 0 1 0 40"/><path d="M16-36a58 58 0 0 1 0 72"/><path d="M32-52a82 82 0 0 1 0 104"/></g>`;
const known = `${bust(21, 52, 44)}<g fill="none" stroke="var(--accent)" stroke-width="4.5" stroke-linecap="round"><path d="M16 60v-7a8 8 0 0 1 8-8h7M55 45h7a8 8 0 0 1 8 8v7M70 88v7a8 8 0 0 1-8 8h-7M31 103h-7a8 8 0 0 1-8-8v-7"/></g>`;
const held = `<g transform="translate(13 48) scale(.455)">${card(0, 0)}</g>`;
/** The phones' reader: it stands by itself, with its mark on top, and is no place to lay a card. */
const phoneReader = (x, y) => `<g transform="translate(${x} ${y})"><path d="M14 0h152a14 14 0 0 1 13.6 10.6L194 62a14 14 0 0 1-13.6 18H-.4A14 14 0 0 1-14 62L.4 10.6A14 14 0 0 1 14 0z" fill="var(--art-device)" stroke="var(--art-line)" stroke-width="3"/>
  <ellipse cx="90" cy="36" rx="62" ry="24" fill="var(--art-tray)" stroke="var(--accent)" stroke-width="3" stroke-dasharray="9 7"/><g fill="none" stroke="var(--accent)" stroke-width="5" stroke-linecap="round"><path d="M76 28a15 15 0 0 1 0 16M88 23a25 25 0 0 1 0 26M100 18a35 35 0 0 1 0 36"/></g><circle cx="90" cy="69" r="4" fill="var(--accent)"/></g>`;

const counter = `<path d="M34 158h252v46a8 8 0 0 1-8 8H42a8 8 0 0 1-8-8z" fill="var(--art-device)" stroke="var(--art-line)" stroke-width="3"/><rect x="22" y="144" width="276" height="20" rx="9" fill="var(--art-wood)" stroke="var(--art-line)" stroke-width="3"/>`;

const DRAWINGS = {
  welcome: scene(`${glow}${bust(104, 38, 112)}${counter}<g transform="translate(206 92) scale(.55)">${card(0, 0)}</g>
    <g transform="translate(52 100)"><path d="M14 44V26" stroke="var(--art-leaf)" stroke-width="5"/><path d="M14 28C2 26-2 14 0 4c12 0 18 12 14 24zM14 28c10 0 16-9 15-19-10 0-17 9-15 19z" fill="var(--art-leaf)"/><path d="M2 40h24l-4 14H6z" fill="var(--art-wood)"/></g>`),
  place: scene(`${glow}${reader(62, 104, 196, 108)}<g class="art-place">${card(94, 10)}</g>${arrowDown(276, 62)}`),
  "place-upright": scene(`${glow}${reader(90, 60, 140, 152)}<g class="art-place" transform="translate(0 0)">${cardUpright(118, 2)}</g>${arrowDown(268, 62)}`),
  reading: scene(`${glow}${reader(62, 80, 196, 132)}${card(94, 98)}<g class="art-waves" fill="none" stroke="var(--accent)" stroke-width="7" stroke-linecap="round"><path d="M134 66a38 38 0 0 1 52 0"/><path d="M118 46a62 62 0 0 1 84 0"/><path d="M102 26a86 86 0 0 1 116 0"/></g>`),
  lying: scene(`${glow}${reader(62, 80, 196, 132)}${card(94, 98)}`),
  "reading-upright": scene(`${glow}${reader(90, 52, 140, 160)}${cardUpright(118, 60)}<g class="art-waves" fill="none" stroke="var(--accent)" stroke-width="7" stroke-linecap="round"><path d="M136 38a34 34 0 0 1 48 0"/><path d="M120 20a56 56 0 0 1 80 0"/></g>`),
  methods: scene(`${glow}${bust(30, 78, 94)}<g fill="none" stroke="var(--accent)" stroke-width="6" stroke-linecap="round"><path d="M14 88V76a14 14 0 0 1 14-14h14M112 62h14a14 14 0 0 1 14 14v12M140 166v12a14 14 0 0 1-14 14h-14M42 192H28a14 14 0 0 1-14-14v-12"/></g>
    <g transform="translate(172 68)">${[0, 1, 2].map((row) => [0, 1, 2].map((column) => key(column * 46, row * 40)).join("")).join("")}</g>`),
  pin: scene(`${glow}<rect x="66" y="30" width="188" height="182" rx="20" fill="var(--art-device)" stroke="var(--art-line)" stroke-width="3"/><rect x="80" y="44" width="160" height="46" rx="12" fill="var(--art-tray)"/>${dots(109, 67, 2)}
    <g transform="translate(93 102)">${[0, 1, 2].map((row) => [0, 1, 2].map((column) => key(column * 47, row * 36)).join("")).join("")}</g>`),
  camera: scene(`${glow}${bust(88, 44, 144)}<g fill="none" stroke="var(--accent)" stroke-width="8" stroke-linecap="round"><path d="M60 66V40a18 18 0 0 1 18-18h26M216 22h26a18 18 0 0 1 18 18v26M260 166v26a18 18 0 0 1-18 18h-26M104 210H78a18 18 0 0 1-18-18v-26"/></g>`),
  again: scene(`${glow}${bust(88, 44, 144)}<g fill="none" stroke="var(--art-soft)" stroke-width="8" stroke-linecap="round"><path d="M60 66V40a18 18 0 0 1 18-18h26M216 22h26a18 18 0 0 1 18 18v26M260 166v26a18 18 0 0 1-18 18h-26M104 210H78a18 18 0 0 1-18-18v-26"/></g>${badge(244, 186, 30, "var(--accent)", `<path d="M10-6A12 12 0 1 0 11 5M12-14v9H3" stroke-width="5"/>`)}`),
  staff: scene(`${glow}${bust(26, 62, 140)}<g transform="translate(168 70)">${card(0, 0)}</g><path d="M150 172h112" stroke="var(--accent)" stroke-width="7" stroke-linecap="round"/><path d="M164 158l-16 14 16 14M248 158l16 14-16 14" fill="none" stroke="var(--accent)" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"/>`),
  notice: scene(`${glow}<rect x="78" y="44" width="164" height="162" rx="14" fill="var(--surface)" stroke="var(--art-line)" stroke-width="3"/><path d="M79.5 88V58a13 13 0 0 1 13-13h135a13 13 0 0 1 13 13v30z" fill="var(--accent)"/><path d="M116 30v30M204 30v30" stroke="var(--art-line)" stroke-width="9" stroke-linecap="round"/>
    <g fill="var(--art-tray)">${[0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => `<rect x="${98 + column * 33}" y="${104 + row * 32}" width="24" height="22" rx="5"/>`).join("")).join("")}</g>${badge(234, 196, 28, "var(--amber)", bang)}`),
  asking: scene(`${glow}<path d="M160 40l96 44v10H64V84z" fill="var(--art-wood)" stroke="var(--art-line)" stroke-width="3" stroke-linejoin="round"/><rect x="74" y="94" width="172" height="98" fill="var(--surface)" stroke="var(--art-line)" stroke-width="3"/><rect x="58" y="190" width="204" height="18" rx="5" fill="var(--art-device)" stroke="var(--art-line)" stroke-width="3"/>
    <path d="M160 108v34M143 125h34" stroke="var(--accent)" stroke-width="11" stroke-linecap="round"/><g class="art-dots" fill="var(--accent)"><circle cx="130" cy="168" r="8"/><circle cx="160" cy="168" r="8"/><circle cx="190" cy="168" r="8"/></g>`),
  register: scene(`${glow}${card(58, 62)}<g transform="translate(128 128)"><rect width="132" height="74" rx="8" fill="var(--surface)" stroke="var(--art-line)" stroke-width="2.5"/><path d="M20 24h56M20 40h40" stroke="var(--art-soft)" stroke-width="6" stroke-linecap="round"/></g>${badge(256, 190, 28, "var(--accent)", tick)}<path d="M226 66c18 2 28 16 28 38" fill="none" stroke="var(--accent)" stroke-width="7" stroke-linecap="round"/><path d="M240 92l14 16 14-16" fill="none" stroke="var(--accent)" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"/>`),
  consent: scene(`${glow}${paper(66, 56, textLines)}<g transform="translate(150 26)">${paper(0, 0, `<path d="M54 104c-26-16-38-30-38-45a20 20 0 0 1 38-9 20 20 0 0 1 38 9c0 15-12 29-38 45z" fill="var(--art-heart)"/>`)}</g>${badge(256, 168, 28, "var(--accent)", tick)}`),
  prescription: scene(`${glow}${paper(40, 62, textLines)}${phone(190, 50, `<path d="M22 52h42M22 68h42M22 84h28" stroke="var(--art-soft)" stroke-width="6" stroke-linecap="round"/><path d="M43 96v24M31 108h24" stroke="var(--accent)" stroke-width="7" stroke-linecap="round"/>`)}`),
  "one-phone": scene(`${glow}${phone(117, 46, held)}`),
  phones: scene(`${glow}<g transform="rotate(-5 96 130)">${phone(52, 46, held)}</g><g transform="rotate(5 224 130)">${phone(182, 46, known)}</g>`),
  tap: scene(`${glow}${phoneReader(70, 134)}<g class="art-place">${phone(117, 4, held)}</g>${arrowDown(262, 62)}`),
  "tap-known": scene(`${glow}${phoneReader(70, 134)}<g class="art-place">${phone(117, 4, known)}${badge(205, 26, 22, "var(--accent)", tick)}</g>${arrowDown(268, 62)}`),
  "reading-phone": scene(`${glow}${phoneReader(70, 134)}<g transform="translate(0 26)">${phone(117, 4, held)}</g>${waves(218, 96, 1)}${waves(102, 96, -1)}`),
  accepted: scene(`${glow}<g class="art-pop"><circle cx="160" cy="118" r="84" fill="var(--good)"/><path d="M122 120l28 28 52-58" fill="none" stroke="#fff" stroke-width="18" stroke-linecap="round" stroke-linejoin="round"/></g>
    <g fill="var(--art-heart)"><circle cx="46" cy="70" r="7"/><circle cx="282" cy="164" r="6"/></g><g fill="var(--amber)"><circle cx="276" cy="58" r="8"/><circle cx="40" cy="160" r="6"/></g>`),
  "not-accepted": scene(`${glow}${bust(30, 72, 120)}<path d="M150 34h128a16 16 0 0 1 16 16v84a16 16 0 0 1-16 16h-96l-30 26 4-26h-6a16 16 0 0 1-16-16V50a16 16 0 0 1 16-16z" fill="var(--surface)" stroke="var(--art-line)" stroke-width="3" stroke-linejoin="round"/><g transform="translate(214 92)">${badge(0, 0, 34, "var(--accent)", info)}</g>`),
  take: scene(`${glow}${reader(62, 104, 196, 108)}<g class="art-take">${card(94, 52)}</g>${arrowUp(276, 74)}`),
  "take-upright": scene(`${glow}${reader(90, 60, 140, 152)}<g class="art-take">${cardUpright(118, 30)}</g>${arrowUp(268, 74)}`),
  alarm: scene(`${glow}${reader(62, 104, 196, 108)}<g class="art-take">${card(94, 52)}</g>${arrowUp(276, 84)}<g class="art-ring">${badge(44, 58, 36, "var(--alarm)", bang)}</g>`),
};

const OF_SCREEN = {
  idle: "welcome",
  beginning: "welcome",
  "out-of-order": "not-accepted",
  "place-card": "place",
  "reading-card": "reading",
  "reading-phone": "reading-phone",
  "choose-method": "methods",
  "last-try": "pin",
  "enter-pin": "pin",
  "checking-pin": "reading",
  "look-at-camera": "camera",
  "face-failed": "again",
  "staff-check": "staff",
  "certificate-notice": "notice",
  asking: "asking",
  register: "register",
  consents: "consent",
  consent: "consent",
  subsidies: "consent",
  prescription: "prescription",
  accepted: "accepted",
  "not-accepted": "not-accepted",
};

export const art = (name) => DRAWINGS[name] ?? DRAWINGS.welcome;

/** The drawing that goes with a screen. */
export function artOf(screen, extra = {}) {
  if (screen === "take-card") return extra.alarm ? DRAWINGS.alarm : DRAWINGS.take;
  if (screen === "choose-phone") return extra.iphone ? DRAWINGS.phones : DRAWINGS["one-phone"];
  if (screen === "card-face-unreadable") return extra.why === "not-read" ? DRAWINGS.lying : DRAWINGS.staff;
  if (screen === "tap-phone") return extra.kind === "iphone" ? DRAWINGS["tap-known"] : DRAWINGS.tap;
  return art(OF_SCREEN[screen]);
}

const icon = (inside) => `<svg class="icon" viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round" xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;

const withCard = icon(`<rect x="12" y="3" width="24" height="42" rx="5"/><rect x="17" y="16" width="14" height="10" rx="2"/><path d="M22 38h4"/>`);

/** Icons of buttons. */
export const ICONS = {
  face: icon(`<path d="M5 14V9a4 4 0 0 1 4-4h5M34 5h5a4 4 0 0 1 4 4v5M43 34v5a4 4 0 0 1-4 4h-5M14 43H9a4 4 0 0 1-4-4v-5"/><circle cx="24" cy="20" r="7"/><path d="M12 37c2-6 6-9 12-9s10 3 12 9"/>`),
  pin: icon(`<rect x="6" y="6" width="36" height="36" rx="7"/><path d="M16 17v.2M24 17v.2M32 17v.2M16 25v.2M24 25v.2M32 25v.2M24 33v.2" stroke-width="5"/>`),
  staff: icon(`<circle cx="17" cy="14" r="7"/><path d="M4 40c1-9 6-14 13-14s12 5 13 14"/><path d="M31 22l5 5 9-11"/>`),
  phone: withCard,
  android: withCard,
  iphone: icon(`<rect x="12" y="3" width="24" height="42" rx="5"/><circle cx="24" cy="17" r="4"/><path d="M17 29c1-4 3-6 7-6s6 2 7 6M22 38h4"/>`),
  electronic: icon(`<rect x="13" y="4" width="22" height="40" rx="5"/><path d="M24 14v12M18 20h12M22 37h4"/>`),
  paper: icon(`<path d="M10 4h20l8 8v32H10z"/><path d="M29 5v8h8M24 20v12M18 26h12"/>`),
  erase: icon(`<path d="M17 10h23a4 4 0 0 1 4 4v20a4 4 0 0 1-4 4H17L4 24z"/><path d="M23 18l12 12M35 18L23 30"/>`),
  shuffle: icon(`<path d="M5 14h8c8 0 12 20 20 20h9M36 28l7 6-7 6M5 34h8c3 0 5-2 7-5M28 19c2-3 3-5 6-5h8M36 8l7 6-7 6"/>`),
};
