/** How a sequence diagram looks: measures, colours for light and dark, escaping. */

export const WIDTH = 1120;
/** The lifelines. */
export const LEFT = 320;
export const RIGHT = 850;

/** As text or as the value of an attribute; what XML does not allow at all is shown as U+FFFD. */
export function escapeXml(text: string): string {
  // XML 1.0 section 2.2, Char.
  const allowed = text
    .toWellFormed()
    .replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
  return allowed.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

interface Palette {
  readonly page: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly head: string;
  readonly pill: string;
  readonly data: string;
  readonly control: string;
  readonly lost: string;
  readonly call: string;
  readonly bar: string;
  readonly barEdge: string;
}

const LIGHT: Palette = {
  ...{ page: "#fff", ink: "#1d2433", soft: "#5b657d", line: "#c3cada", head: "#eef2fa", pill: "#e3ebf9" },
  ...{ data: "#0b63ce", control: "#4a5568", lost: "#c8102e" },
  ...{ call: "#8a4b00", bar: "#ffd591", barEdge: "#d98a1f" },
};

const DARK: Palette = {
  ...{ page: "#12161f", ink: "#e6eaf3", soft: "#a3adc4", line: "#3a4358", head: "#1e2636", pill: "#25304a" },
  ...{ data: "#6cb1ff", control: "#b3bccf", lost: "#ff6b81" },
  ...{ call: "#ffc878", bar: "#7a5514", barEdge: "#f0b04a" },
};

/** Without CSS variables, which many a viewer outside a browser does not know. */
function colours(palette: Palette): string {
  const { page, ink, soft, line, head, pill, data, control, lost, call, bar, barEdge } = palette;
  return `.page{fill:${page}}
.heading,.name,.phase-name{fill:${ink}}
.address,.foot,.gap,.time,.detail{fill:${soft}}
.life,.phase{stroke:${line}}
.head{fill:${head};stroke:${line}}
.pill{fill:${pill}}
.data .shaft,.data .label,.data .tip{stroke:${data}}
.control .shaft,.control .tip{stroke:${control}}
.lost .shaft,.cross{stroke:${lost}}
.data .tip,.data .label{fill:${data}}
.control .tip,.control .label{fill:${control}}
.lost .label,.mark,.reason{fill:${lost}}
.label .detail{fill:${soft}}
.label .mark{fill:${lost}}
.data .label,.control .label,.lost .label{stroke:${page}}
.call{fill:${call}}
.bar{fill:${bar};stroke:${barEdge}}
.tick{stroke:${barEdge}}`;
}

export const STYLE = `
svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,"DejaVu Sans",sans-serif;font-size:13px}
.heading{font-size:19px;font-weight:600;text-anchor:middle}
.name{font-size:15px;font-weight:600;text-anchor:middle}
.address,.foot,.gap{font-size:12px;text-anchor:middle}
.gap{font-style:italic}
.life{stroke-width:2;fill:none}
.call{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px}
.return{font-style:italic}
.tick,.phase,.shaft,.cross{fill:none}
.time{font-size:11px;text-anchor:end;font-variant-numeric:tabular-nums}
.phase{stroke-dasharray:2 5}
.phase-name{font-size:12px;font-weight:600;text-anchor:middle}
.shaft{stroke-width:1.6}
.cross{stroke-width:2.6}
.lost .shaft{stroke-dasharray:6 4}
.label{font-weight:600;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.detail{font-weight:400;font-size:11px}
.reason{font-size:12px}
${colours(LIGHT)}
@media (prefers-color-scheme:dark){
${colours(DARK)}
}
`;
