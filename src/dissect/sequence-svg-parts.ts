/** The parts of a sequence diagram in SVG: arrows with their words, calls with their bars, phases, times. */

import type { Arrow, CallEvent } from "./sequence.ts";
import { escapeXml, LEFT, RIGHT } from "./sequence-svg-style.ts";
import { secondsText } from "./text.ts";

/** A packet from its sender at `y` to the other side, or to where it was lost, at `end`. */
export function arrowSvg(arrow: Arrow, y: number, end: number): string {
  const isForth = arrow.from === 0;
  const from = isForth ? LEFT + BAR / 2 : RIGHT - BAR / 2;
  const whole = isForth ? RIGHT - BAR / 2 : LEFT + BAR / 2;
  const isLost = arrow.lost !== undefined;
  const marks = arrow.marks.map((mark) => `${mark}:`).join(" ");
  const title = cut(arrow.title, TITLE_MAX - marks.length);
  const words =
    LABEL_AT + (marks.length + title.length) * TITLE_CHARACTER + arrow.detail.length * DETAIL_CHARACTER;
  const part = Math.min(LOST_LAST, Math.max(LOST_AT, (words + 30) / Math.abs(whole - from)));
  const to = isLost ? from + (whole - from) * part : whole;
  const kind = isLost ? "lost" : arrow.role === "data" ? "data" : "control";
  const slope = (Math.atan2(end - y, to - from) * 180) / Math.PI;
  const angle = isForth ? slope : slope - 180 * Math.sign(slope || 1);
  const x = from + (isForth ? LABEL_AT : -LABEL_AT);
  const labelY = y + ((end - y) * LABEL_AT) / Math.abs(to - from);
  const anchor = isForth ? "start" : "end";
  const times = [`sent at ${secondsText(arrow.sentAtNs)} s`];
  if (arrow.arrivedAtNs !== undefined) times.push(`arrives at ${secondsText(arrow.arrivedAtNs)} s`);
  const about = [`No. ${arrow.number}`, arrow.title, arrow.detail, ...times, arrow.comment ?? ""].filter(
    Boolean,
  );
  return [
    `<g class="${kind}"><title>${escapeXml(about.join(", "))}</title>`,
    `<path class="shaft" d="M${from} ${round(y)}L${round(to)} ${round(end)}"/>`,
    isLost ? crossSvg(to, end) : tipSvg(to, end, slope),
    `<g transform="translate(${round(x)} ${round(labelY)}) rotate(${round(angle)})" text-anchor="${anchor}">`,
    `<text class="label" y="-5">${marks === "" ? "" : `<tspan class="mark">${escapeXml(marks)}</tspan>`}<tspan dx="${marks === "" ? 0 : 6}">${escapeXml(title)}</tspan><tspan class="detail" dx="8">${escapeXml(arrow.detail)}</tspan></text>`,
    isLost
      ? `<text class="reason" y="15">${escapeXml(cut(arrow.lost?.reason ?? "", REASON_MAX))}</text>`
      : "",
    "</g></g>",
  ].join("");
}

export function callSvg(event: CallEvent, y: number): string {
  const isClient = event.side === 0;
  const x = isClient ? LEFT - BAR / 2 - 10 : RIGHT + BAR / 2 + 10;
  const line = event.role === "return" ? "call return" : "call";
  const tick = isClient ? `M${LEFT - BAR / 2 - 6} ${y}h6` : `M${RIGHT + BAR / 2 + 6} ${y}h-6`;
  const text = escapeXml(cut(event.text, CALL_MAX));
  return `<path class="tick" d="${tick}"/><text class="${line}" x="${x}" y="${round(y + 4)}" text-anchor="${isClient ? "end" : "start"}">${text}</text>`;
}

export function barSvg(event: CallEvent, y: number, end: number, returns: boolean): string {
  const x = (event.side === 0 ? LEFT : RIGHT) - BAR / 2;
  const title = returns ? `${event.text} waits` : `${event.text} has not returned`;
  return `<rect class="bar" x="${x}" y="${round(y)}" width="${BAR}" height="${round(Math.max(2, end - y))}" rx="3"><title>${escapeXml(title)}</title></rect>`;
}

export function phaseSvg(text: string, y: number): string {
  // Beside the lifelines, where no packet is on its way.
  const width = text.length * 7 + 24;
  return [
    `<path class="phase" d="M${PHASE_AT} ${round(y)}H${RIGHT + 230}"/>`,
    `<rect class="pill" x="${PHASE_AT}" y="${round(y - 11)}" width="${width}" height="22" rx="11"/>`,
    `<text class="phase-name" x="${PHASE_AT + width / 2}" y="${round(y + 4)}">${escapeXml(text)}</text>`,
  ].join("");
}

export function timeSvg(text: string, y: number, isShown: boolean): string {
  return isShown ? `<text class="time" x="84" y="${round(y + 4)}">${text}</text>` : "";
}

function tipSvg(x: number, y: number, angle: number): string {
  return `<path class="tip" d="M0 0L-11 -4.5V4.5Z" transform="translate(${round(x)} ${round(y)}) rotate(${round(angle)})"/>`;
}

function crossSvg(x: number, y: number): string {
  return `<path class="cross" d="M-6 -6L6 6M-6 6L6 -6" transform="translate(${round(x)} ${round(y)})"/>`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const BAR = 10;
/** Words begin so far from the sender's lifeline. */
const LABEL_AT = 20;
/** A lost packet comes so far of the way; farther where its words need the room. */
const LOST_AT = 0.62;
const LOST_LAST = 0.94;
/** About the width of a character, in pixels. */
const TITLE_CHARACTER = 7.6;
const DETAIL_CHARACTER = 6.2;
const PHASE_AT = 24;
/** Characters that fit between the lifelines beside the detail, and beside a lifeline. */
const TITLE_MAX = 46;
const CALL_MAX = 32;
const REASON_MAX = 70;
