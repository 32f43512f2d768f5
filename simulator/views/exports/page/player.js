/* The player: a cursor over events that exist; every key and button moves it, and nothing else. */
const run = JSON.parse(document.getElementById("run").textContent);
const byId = (id) => document.getElementById(id);
const LANGUAGES = Object.keys(run.words);
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const PAUSE = 1500, PARKED = 0.5;
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const map = new NetMap(byId("map"), run);
const firstOf = new Map();
run.events.forEach((event, number) => { if (!firstOf.has(event.step)) firstOf.set(event.step, number); });

const state = {
  cursor: 0, playing: false, speed: 1, language: run.language,
  depth: ["story", "commands", "bytes"].indexOf(run.depth),
};
let timer = 0, frame = 0, rows = [];

function words() { return run.words[state.language]; }
function ui(key) { return words().ui[key]; }
function textsOf(event) {
  const texts = run.texts[state.language];
  const [told, lines] = event[state.language].map((numbers) => numbers.map((n) => texts[n]));
  const [label, sentence, why, source, says, really] = told;
  return { label, sentence, why, source, says, really, lines };
}
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/* What stands at a moment is said only where it changes: look back for the last word on it. */
function known(key, otherwise) {
  for (let number = state.cursor; number >= 0; number -= 1) {
    if (key in (run.events[number] ?? {})) return run.events[number][key];
  }
  return otherwise;
}

/* What the run's author wrote below an event: chapters, notes, questions. */
function asides(number) { return run.margin[state.language][number] ?? []; }
function asks(number) { return asides(number).some(([kind]) => kind === "stop"); }
function isShown(number) {
  return run.events[number].depth <= state.depth || asides(number).length > 0;
}
function neighbour(by) {
  let number = state.cursor + by;
  while (number >= 0 && number < run.events.length && !isShown(number)) number += by;
  return number;
}

/* Movement ------------------------------------------------------------------------------- */
function seek(number) {
  state.cursor = Math.max(0, Math.min(number, run.events.length - 1));
  show();
}
function step(by) {
  const number = neighbour(by);
  if (number >= 0 && number < run.events.length) seek(number);
  else if (by > 0) { pause(); seek(run.events.length - 1); }
}
function toStep(number) { if (firstOf.has(number)) seek(firstOf.get(number)); }
function toNeighbourStep(by) {
  const begins = run.events.flatMap((event, n) =>
    (n === 0 || run.events[n - 1].step !== event.step ? [n] : []));
  const found = by > 0 ? begins.find((n) => n > state.cursor)
    : begins.findLast((n) => n < state.cursor);
  seek(found ?? (by > 0 ? run.events.length - 1 : 0));
}
function play() {
  if (state.cursor === run.events.length - 1) state.cursor = 0;
  state.playing = true;
  if (asks(state.cursor)) step(1);
  else show();
}
function pause() {
  state.playing = false;
  clearTimeout(timer);
  showControls();
}
function toggle() { if (state.playing) pause(); else play(); }
function faster(by) {
  const place = SPEEDS.indexOf(state.speed) + by;
  state.speed = SPEEDS[Math.max(0, Math.min(place, SPEEDS.length - 1))];
  showControls();
}
function setDepth(depth) { state.depth = depth; byId("transcript").dataset.depth = depth; show(); }
function setLanguage(language) {
  state.language = language;
  document.documentElement.lang = language;
  speak();
  show();
}

/* What is seen --------------------------------------------------------------------------- */
function show() {
  const event = run.events[state.cursor];
  if (!event) return;
  const texts = textsOf(event);
  map.show(event, known("answerable", []), known("queues", {}));
  showSteps(event);
  showControls();
  showCaption(event, texts);
  showMeaning(texts);
  showTranscript();
  move();
  clearTimeout(timer);
  if (!state.playing) return;
  if (asks(state.cursor)) pause();
  else timer = setTimeout(() => step(1), PAUSE / state.speed);
}
function move() {
  cancelAnimationFrame(frame);
  if (isStill.matches || !state.playing) { map.moveTo(PARKED); return; }
  const began = performance.now(), length = (PAUSE * 0.7) / state.speed;
  const draw = (now) => {
    const part = Math.min(1, Math.max(0, (now - began) / length));
    map.moveTo(part);
    if (part < 1) frame = requestAnimationFrame(draw);
  };
  draw(began);
}
function showSteps(event) {
  const latest = Math.max(...run.events.slice(0, state.cursor + 1).map((one) => one.step));
  [...byId("steps").children].forEach((button, place) => {
    const number = place + 1;
    const isNow = event.step === number;
    const isDone = !isNow && number < latest && firstOf.has(number);
    button.disabled = !firstOf.has(number);
    button.classList.toggle("now", isNow);
    button.classList.toggle("done", isDone);
    button.textContent = `${isDone ? "✓" : number} ${words().steps[place]}`;
    if (isNow) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  });
}
function showControls() {
  const event = run.events[state.cursor];
  byId("where").textContent = `${ui("event")} ${event.seq}/${run.events.at(-1).seq} · ${event.at[state.language]}`;
  byId("position").value = state.cursor;
  byId("position").setAttribute("aria-valuetext", byId("where").textContent);
  byId("speed").textContent = `${state.speed}×`;
  byId("play").textContent = state.playing ? `‖ ${ui("pause")}` : `▶ ${ui("play")}`;
  byId("depth").value = state.depth;
}
function showCaption(event, texts) {
  const label = (number) => (number >= 0 ? run.hosts[number].label : "");
  const peer = label(event.peer);
  byId("who").textContent = peer ? `${label(event.host)} → ${peer}` : label(event.host);
  byId("who").className = event.host >= 0 ? `c-${run.hosts[event.host].role}` : "";
  // A line alone tells best what is on the wire; its first four signs are the hint.
  byId("label").textContent = texts.lines.length === 1 ? texts.lines[0].slice(4) : texts.label;
  const written = asides(state.cursor).map(([, text]) => ` ${text}`).join("");
  byId("say").textContent = `${ui("event")} ${event.seq}. ${texts.sentence}${written}`;
}
function showMeaning(texts) {
  const part = (key, text, name = "") => (text
    ? [element("p", { className: name }, element("b", {}, `${ui(key)}: `), text)] : []);
  byId("meaning").replaceChildren(
    ...written(state.cursor, "p"),
    element("p", {}, element("strong", {}, texts.sentence)),
    ...part("why", texts.why), ...part("says", texts.says), ...part("really", texts.really),
    ...part("source", texts.source, "source"),
  );
  const answerable = known("answerable", []).map((number) => run.hosts[number].name);
  byId("answerable").textContent = answerable.join(", ") || ui("nobody-answerable");
  byId("outcome-part").classList.toggle("later", state.cursor < run.events.length - 1);
}
function showTranscript() {
  rows.forEach((row, number) => {
    row.classList.toggle("past", number <= state.cursor);
    row.removeAttribute("aria-current");
  });
  const row = rows[state.cursor];
  row.setAttribute("aria-current", "true");
  const list = byId("transcript");
  const top = row.offsetTop - list.offsetTop;
  if (row.offsetHeight && (top < list.scrollTop || top + row.offsetHeight > list.scrollTop + list.clientHeight)) {
    list.scrollTop = top - list.clientHeight / 3;
  }
}

/* What is said in the chosen language ----------------------------------------------------- */
function speak() {
  const said = words();
  document.title = said.title;
  byId("title").textContent = said.title;
  byId("author").textContent = said.author;
  byId("goal").textContent = said.goal;
  for (const labelled of document.querySelectorAll("[data-word]")) {
    labelled.textContent = ui(labelled.dataset.word);
  }
  for (const id of ["first", "previous", "next", "last", "slower", "faster", "position"]) {
    byId(id).setAttribute("aria-label", ui(id));
    byId(id).title = ui(id);
  }
  byId("map").setAttribute("aria-label", ui("map"));
  byId("steps").setAttribute("aria-label", ui("steps"));
  byId("languages").setAttribute("aria-label", ui("language"));
  byId("steps").replaceChildren(...said.steps.map((title, place) => element("button", {
    type: "button", textContent: title, onclick: () => toStep(place + 1),
    title: firstOf.has(place + 1) ? said.about[place] : ui("skipped"),
  })));
  byId("depth").replaceChildren(...said.depths.map((name, depth) => new Option(name, depth)));
  byId("outcome").replaceChildren(...said.outcome.map((text) => element("li", {}, text)));
  byId("cast").replaceChildren(...run.hosts.map((host) => element("li", {},
    element("b", {}, host.label), ` ${said.roles[host.role]}, ${host.name}, ${host.address}`)));
  rows = run.events.map(row);
  byId("transcript").replaceChildren(...rows);
  for (const button of byId("languages").children) {
    button.setAttribute("aria-pressed", String(button.value === state.language));
  }
  map.speak(said, said.ui);
}
function written(number, name) {
  return asides(number).map(([kind, text]) => element(name, { className: `aside ${kind}` }, text));
}
function row(event, number) {
  const texts = textsOf(event);
  const host = run.hosts[event.host];
  const lines = texts.lines.length
    ? element("div", { className: "lines" }, texts.lines.join("\n"))
    : element("div", { className: "own" }, `· ${texts.label}`);
  return element("li", {
    className: `d${event.depth} ${asides(number).length ? "told" : ""} ${host ? `c-${host.role}` : ""} ${event.sign[0] === "no" ? "bad" : ""}`,
    onclick: () => seek(number),
  }, element("span", { className: "speaker" }, host ? host.label : ""), lines,
  element("span", { className: "sentence" }, texts.sentence), ...written(number, "span"));
}

/* Keys and buttons ------------------------------------------------------------------------ */
const KEYS = {
  " ": toggle, ArrowLeft: () => step(-1), ArrowRight: () => step(1),
  "[": () => toNeighbourStep(-1), "]": () => toNeighbourStep(1),
  Home: () => seek(0), End: () => seek(run.events.length - 1),
  "-": () => faster(-1), "+": () => faster(1), "=": () => faster(1),
  d: () => setDepth((state.depth + 1) % 3),
  l: () => setLanguage(LANGUAGES[(LANGUAGES.indexOf(state.language) + 1) % LANGUAGES.length]),
};
document.addEventListener("keydown", (pressed) => {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return;
  const at = pressed.target.tagName;
  if (at === "SELECT" || (at === "INPUT" && pressed.key.startsWith("Arrow"))) return;
  if (at === "BUTTON" && pressed.key === " ") return;
  const act = KEYS[pressed.key] ?? ("123456".includes(pressed.key) ? () => toStep(Number(pressed.key)) : null);
  if (!act) return;
  pressed.preventDefault();
  act();
});
for (const [id, act] of Object.entries({
  first: KEYS.Home, last: KEYS.End, previous: KEYS.ArrowLeft, next: KEYS.ArrowRight,
  play: toggle, slower: KEYS["-"], faster: KEYS["+"],
})) byId(id).addEventListener("click", act);
byId("position").max = Math.max(0, run.events.length - 1);
byId("position").addEventListener("input", (moved) => seek(Number(moved.target.value)));
byId("depth").addEventListener("change", (chosen) => setDepth(Number(chosen.target.value)));
byId("languages").append(...LANGUAGES.map((language) => element("button", {
  type: "button", value: language, textContent: language.toUpperCase(), lang: language,
  onclick: () => setLanguage(language),
})));
byId("transcript").dataset.depth = state.depth;
setLanguage(state.language);
