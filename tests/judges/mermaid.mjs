// Parses Mermaid diagrams with Mermaid itself and prints, a line of JSON each, what it understood.
// usage: node mermaid.mjs FOLDER-WITH-NODE_MODULES FILE…
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [home, ...files] = process.argv.slice(2);
const found = createRequire(`${home}/`).resolve("mermaid");
const { default: mermaid } = await import(pathToFileURL(found));
// Between parsing and drawing Mermaid keeps #59; as a mark of its own.
const plain = (text) => text
  .replace(/ﬂ°°(\d+)¶ß/g, (_, number) => String.fromCodePoint(Number(number)))
  .split(/<br\/>/);

for (const file of files) {
  const text = readFileSync(file, "utf8");
  try {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const actors = [...db.getActors().values()].map((actor) => plain(actor.description));
    const messages = db.getMessages().filter((one) => typeof one.message === "string")
      .map((one) => ({ from: one.from, to: one.to, lines: plain(one.message) }));
    console.log(JSON.stringify({ file, actors, messages }));
  } catch (problem) {
    console.log(JSON.stringify({ file, problem: String(problem) }));
  }
}
