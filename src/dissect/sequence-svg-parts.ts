/** The parts of a sequence diagram in SVG: arrows with their words, calls with their bars, phases, times. */

import type { Arrow, CallEvent } from "./sequence.ts";
import { escapeXml, LEFT, RIGHT } from "./sequence-svg-style.ts";

/** A packet from its sender at `y` to the other side, or to where it was lost, at `end`. */
export function arrowSvg(arrow: Arrow, y: number, end: number): string {
  const isForth = arrow.from === 0;
  const from = isForth ? LEFT + BAR / 2 : RIGHT - BAR / 2;
  const whole = isForth ? RIGHT - BAR / 2 : LEFT + BAR / 2;
  const isLost = arrow.lost !== undefined;
  const to = isLost ? from + (whole - from) * LOST_AT : whole;
  const kind = isLost ? "lost" : arrow.role === "data" ? "data" : "control";
  const slope = (Math.atan2(end - y, to - from) * 180) / Math.PI;
  const angle = isForth ? slope : slope - 180 * Math.sign(slope || 1);
  const x = from + (isForth ? LABEL_AT : -LABEL_AT);
  const labelY = y + ((end - y) * LABEL_AT) / Math.abs(to - from);
  const anchor = isForth ? "start" : "end";
  const marks = arrow.marks.map((mark) => `${mark}: `).join("");
  const about = [`No. ${arrow.number}`, arrow.title, arrow.detail, arrow.comment ?? ""].filter(Boolean);
  return [
    `<g class="${kind}"><title>${escapeXml(about.join(", "))}</title>`,
    `<path class="shaft" d="M${from} ${round(y)}L${round(to)} ${round(end)}"/>`,
    isLost ? crossSvg(to, end) : tipSvg(to, end, slope),
    `<g transform="translate(${round(x)} ${round(labelY)}) rotate(${round(angle)})" text-anchor="${anchor}">`,
    `<text class="label" y="-5"><tspan class="mark">${escapeXml(marks)}</tspan>${escapeXml(cut(arrow.title, TITLE_MAX - marks.length))}<tspan class="detail" dx="8">${escapeXml(arrow.detail)}</tspan></text>`,
    "</g>",
    isLost ? lossSvg(to, end, isForth, arrow.lost?.reason ?? "") : "",
    "</g>",
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
  const middle = (LEFT + RIGHT) / 2;
  const half = text.length * 4 + 16;
  return [
    `<path class="phase" d="M${LEFT - 230} ${round(y)}H${RIGHT + 230}"/>`,
    `<rect class="pill" x="${middle - half}" y="${round(y - 11)}" width="${half * 2}" height="22" rx="11"/>`,
    `<text class="phase-name" x="${middle}" y="${round(y + 4)}">${escapeXml(text)}</text>`,
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

function lossSvg(x: number, y: number, isForth: boolean, reason: string): string {
  const at = isForth ? x + 14 : x - 14;
  return `<text class="reason" x="${round(at)}" y="${round(y + 4)}" text-anchor="${isForth ? "start" : "end"}">${escapeXml(cut(reason, 34))}</text>`;
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
/** A lost packet comes so far of the way. */
const LOST_AT = 0.62;
/** Characters that fit between the lifelines beside the detail, and beside a lifeline. */
const TITLE_MAX = 46;
const CALL_MAX = 32;
