"use strict";
/* The map: who takes part, the wires between them, and what travels on them. */
const SVG = "http://www.w3.org/2000/svg";
const BOX = { width: 158, height: 86, gap: 66, stack: 20 };
const DNS_BOX = { width: 136, height: 44, gap: 18 };
const MAIL_TOP = 132;
const BELOW = 54;

/* Who speaks with whom in a run, each pair once. */
function pairsOf(events) {
  const pairs = new Set(events.filter((event) => event.host >= 0 && event.peer >= 0)
    .map((event) => [event.host, event.peer].sort((a, b) => a - b).join()));
  return [...pairs].map((pair) => pair.split(",").map(Number));
}

function drawn(name, attributes, parent, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.append(element);
  return element;
}

function isDns(host) { return host.role === "resolver" || host.role === "nameserver"; }

/* Columns from whoever writes to whoever reads; a relay has one of its own. */
function columnsOf(hosts) {
  const columns = new Map();
  hosts.forEach((host, number) => {
    if (isDns(host)) return;
    const rank = { sending_server: 1, relay: 2, receiving_server: 3, mailbox_server: 4 }[host.role];
    const key = host.role === "relay" ? `2 ${String(number).padStart(6, "0")}`
      : String(rank ?? (host.sends ? 0 : 5));
    columns.set(key, [...(columns.get(key) ?? []), number]);
  });
  return [...columns.keys()].sort().map((key) => columns.get(key));
}

class NetMap {
  constructor(figure, run) {
    this.figure = figure;
    this.hosts = run.hosts;
    this.pairs = pairsOf(run.events);
    this.places = new Map();
    this.size = this.layOut();
    this.svg = drawn("svg", { viewBox: `0 0 ${this.size.width} ${this.size.height}` });
    this.wires = drawn("g", {}, this.svg);
    this.active = drawn("path", { class: "active" }, this.svg);
    this.boxes = this.hosts.map((host, number) => this.drawHost(host, number));
    this.parcel = drawn("g", { class: "parcel" }, this.svg);
    this.drawWires();
    figure.replaceChildren(this.svg);
  }

  layOut() {
    const columns = columnsOf(this.hosts);
    const dns = this.hosts.flatMap((host, number) => (isDns(host) ? [number] : []));
    const wide = columns.length * (BOX.width + BOX.gap);
    const width = Math.max(wide, dns.length * (DNS_BOX.width + DNS_BOX.gap), 320);
    const step = width / Math.max(columns.length, 1);
    columns.forEach((numbers, column) => numbers.forEach((number, row) => {
      this.places.set(number, {
        column, x: column * step + (step - BOX.width) / 2,
        y: MAIL_TOP + row * (BOX.height + BOX.stack), width: BOX.width, height: BOX.height,
      });
    }));
    const pitch = width / Math.max(dns.length, 1);
    dns.forEach((number, place) => this.places.set(number, {
      column: -1, x: place * pitch + (pitch - DNS_BOX.width) / 2, y: 6,
      width: DNS_BOX.width, height: DNS_BOX.height,
    }));
    const rows = Math.max(1, ...columns.map((numbers) => numbers.length));
    const below = this.pairs.some((pair) => this.goesBelow(pair)) ? BELOW : 6;
    return { width, height: MAIL_TOP + rows * (BOX.height + BOX.stack) - BOX.stack + below };
  }

  drawHost(host, number) {
    const at = this.places.get(number);
    const middle = at.x + at.width / 2;
    const group = drawn("g", { class: `host c-${host.role}` }, this.svg);
    drawn("rect", { class: "box", rx: 8, x: at.x, y: at.y, width: at.width, height: at.height }, group);
    const title = drawn("title", {}, group);
    const role = drawn("text", { class: "role", x: middle, y: at.y + 13 }, group);
    drawn("rect", { class: "plate", rx: 3, x: at.x + 6, y: at.y + 21, width: at.width - 12, height: 19 }, group);
    drawn("text", { class: "name", x: middle, y: at.y + 31 }, group, shortened(host.label, 17));
    const state = drawn("text", { class: "state", x: middle - 24, y: at.y + 70 }, group);
    if (!isDns(host)) {
      drawn("text", { class: "owner", x: middle, y: at.y + 50 }, group, shortened(host.owner || host.name, 24));
      envelope(drawn("g", { class: "custody" }, group), middle + 44, at.y + 70, 36, 24);
    }
    return { group, role, state, title };
  }

  drawWires() {
    for (const [one, other] of this.pairs) {
      drawn("path", { class: "wire", d: this.way(one, other) }, this.wires);
    }
  }

  /* Whether a wire goes below the boxes, past those between its ends. */
  goesBelow([one, other]) {
    const a = this.places.get(one).column, b = this.places.get(other).column;
    return a >= 0 && b >= 0 && Math.abs(a - b) > 1;
  }

  /* The way of an octet: between neighbours straight on, in a column round its side, past others below them, to the DNS up. */
  way(from, to) {
    const a = this.places.get(from), b = this.places.get(to);
    const middleOf = (place) => place.x + place.width / 2;
    if (a.column < 0 && b.column < 0) {
      const y = a.y + a.height;
      return `M${middleOf(a)} ${y} C${middleOf(a)} ${y + 46} ${middleOf(b)} ${y + 46} ${middleOf(b)} ${y}`;
    }
    if (a.column < 0 || b.column < 0) {
      const [ya, yb] = a.column < 0 ? [a.y + a.height, b.y] : [a.y, b.y + b.height];
      const bend = (ya + yb) / 2;
      return `M${middleOf(a)} ${ya} C${middleOf(a)} ${bend} ${middleOf(b)} ${bend} ${middleOf(b)} ${yb}`;
    }
    if (Math.abs(a.column - b.column) === 1) {
      const right = b.column > a.column;
      const xa = right ? a.x + a.width : a.x, xb = right ? b.x : b.x + b.width;
      const ya = a.y + a.height / 2, yb = b.y + b.height / 2, bend = (xa + xb) / 2;
      return `M${xa} ${ya} C${bend} ${ya} ${bend} ${yb} ${xb} ${yb}`;
    }
    if (a.column === b.column) {
      const x = a.x + a.width, ya = a.y + a.height / 2, yb = b.y + b.height / 2;
      return `M${x} ${ya} C${x + 54} ${ya} ${x + 54} ${yb} ${x} ${yb}`;
    }
    const deep = Math.max(a.y + a.height, b.y + b.height) + 46;
    return `M${middleOf(a)} ${a.y + a.height} C${middleOf(a)} ${deep} ${middleOf(b)} ${deep} ${middleOf(b)} ${b.y + b.height}`;
  }

  speak(words, ui) {
    this.ui = ui;
    this.boxes.forEach((box, number) => {
      const host = this.hosts[number];
      box.role.textContent = words.roles[host.role];
      box.title.textContent = `${host.name} ${host.address}`;
    });
  }

  /* One moment: who acts, who answers for the mail, what waits, what is on which wire. */
  show(event, answerable, queues) {
    this.boxes.forEach((box, number) => {
      box.group.classList.toggle("acts", number === event.host || number === event.peer);
      box.group.classList.toggle("speaks", number === event.host);
      box.group.classList.toggle("answers", answerable.includes(number));
      box.state.textContent = queues[number] ? `${this.ui.queue} ${queues[number]}` : "";
    });
    this.bringIntoView(event);
    this.parcel.replaceChildren();
    this.active.removeAttribute("d");
    this.travels = event.host >= 0 && event.peer >= 0 && event.sign.length > 0;
    if (!this.travels) return;
    const [look, word] = event.sign;
    const role = this.hosts[event.host].role;
    this.active.setAttribute("class", `active c-${role} ${look}`);
    this.active.setAttribute("d", this.way(event.host, event.peer));
    this.parcel.setAttribute("class", `parcel c-${role} ${look}${event.secure ? " sealed" : ""}`);
    if (look === "mail") envelope(this.parcel, 0, 0, 50, 34);
    else this.drawTag(word);
  }

  /* Where the window is too narrow for the whole map, whoever acts is in its middle. */
  bringIntoView(event) {
    const acting = [event.host, event.peer].filter((number) => this.places.has(number))
      .map((number) => this.places.get(number)).map((place) => place.x + place.width / 2);
    if (this.figure.scrollWidth <= this.figure.clientWidth || acting.length === 0) return;
    const middle = acting.reduce((sum, x) => sum + x, 0) / acting.length;
    const scale = this.figure.scrollWidth / this.size.width;
    this.figure.scrollLeft = middle * scale - this.figure.clientWidth / 2;
  }

  drawTag(word) {
    const width = Math.max(30, word.length * 8.6 + 16);
    drawn("rect", { class: "body", rx: 4, x: -width / 2, y: -13, width, height: 26 }, this.parcel);
    drawn("text", { x: 0, y: 1 }, this.parcel, word);
  }

  /* Where on its way what travels is: 0 at the speaker, 1 at the listener. */
  moveTo(part) {
    if (!this.travels) return;
    const point = this.active.getPointAtLength(this.active.getTotalLength() * part);
    this.parcel.setAttribute("transform", `translate(${point.x} ${point.y})`);
  }
}

function envelope(group, x, y, width, height) {
  const left = x - width / 2, top = y - height / 2;
  drawn("rect", { class: "body", rx: 3, x: left, y: top, width, height }, group);
  drawn("path", { d: `M${left + 2} ${top + 2} L${x} ${y + 2} L${left + width - 2} ${top + 2}` }, group);
}

function shortened(text, most) {
  const signs = [...text];
  return signs.length > most ? `${signs.slice(0, most - 1).join("")}…` : text;
}
