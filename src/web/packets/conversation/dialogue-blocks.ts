/** The dialogue as the engine tells it, cut into blocks of lines of one side, so that each side has its colour. */

export interface DialogueBlock {
  readonly key: string;
  readonly from: "client" | "server" | "note" | "title";
  readonly text: string;
  readonly lines: number;
}

export function dialogueBlocks(dialogue: string): DialogueBlock[] {
  const blocks: { key: string; from: DialogueBlock["from"]; texts: string[] }[] = [];
  dialogue
    .replace(/\n$/, "")
    .split("\n")
    .forEach((text, at) => {
      const from = at === 0 ? "title" : fromOf(text);
      const last = blocks.at(-1);
      if (last?.from === from && last.texts.length < BLOCK_LINES) last.texts.push(text);
      else blocks.push({ key: String(at), from, texts: [text] });
    });
  return blocks.map(({ key, from, texts }) => ({ key, from, text: texts.join("\n"), lines: texts.length }));
}

/** "    1.234567 s  C: HELO pc" */
function fromOf(line: string): DialogueBlock["from"] {
  const mark = /^\s*[\d.]+ s {2}(C:|S:)/.exec(line)?.[1];
  return mark === "C:" ? "client" : mark === "S:" ? "server" : "note";
}

const BLOCK_LINES = 60;
