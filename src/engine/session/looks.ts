/** What a console asks without changing anything in the lab. Answers are plain JSON. */

import { encodeBase64 } from "../../bytes/index.ts";
import { LocalError } from "../../net/index.ts";
import { services } from "../../services/registry.ts";
import { completeNetworkFile, describeNetworkFile } from "../../topology/assist/index.ts";
import { parseNetworkFile } from "../../topology/index.ts";
import * as packets from "../packets/index.ts";
import { panelNamed, panels } from "../panels/registry.ts";
import { type looks, type Parameters, PROTOCOL_VERSION, type Results } from "../protocol/index.ts";
import { completeLine } from "../shell/complete.ts";
import { hostConfig, hostOf, hostState } from "../views/host-view.ts";
import { savedText } from "../views/saved-text.ts";
import type { Session } from "./session.ts";
import { timeLookers } from "./time-looks.ts";

export type LookName = keyof typeof looks;

/** An answer, or how to be called when there is one. */
export type Look<Name extends LookName> =
  | { readonly result: Results[Name] }
  | { readonly later: (answer: (result: Results[Name]) => void) => void };

type Lookers = {
  readonly [Name in LookName]: (session: Session, params: Parameters<Name>) => Look<Name>;
};

const nothing = { result: {} };

const networkLookers = {
  hello: ({ engine }) => ({
    result: {
      version: PROTOCOL_VERSION,
      place: engine.options.place,
      savesTo: engine.file.fileName,
      network: engine.networkView(),
      time: engine.timeView(),
    },
  }),
  "network.shipped": ({ engine }) => ({ result: engine.shippedViews() }),
  "network.text": ({ engine }) => {
    const { run } = engine;
    return { result: { text: savedText(run), fileName: run.origin.fileName, basis: engine.file.basis } };
  },
  "network.save": ({ engine }, { text, basis }) => ({ result: { basis: engine.saveFile(text, basis) } }),
  "network.open": ({ engine }, { source, seed, story = false }) => {
    const errors = engine.open("id" in source ? engine.shippedSource(source.id) : source, seed, story);
    if (errors.length > 0) return { result: { opened: false, errors } };
    return { result: { opened: true, network: engine.networkView() } };
  },
  "network.check": (_, { text }) => ({ result: parseNetworkFile(text, "network.yaml").errors ?? [] }),
  "network.complete": (_, { text, line, column }) => ({ result: completeNetworkFile(text, line, column) }),
  "network.hover": (_, { text, line, column }) => ({
    result: { text: describeNetworkFile(text, line, column) },
  }),
} satisfies Partial<Lookers>;

const packetLookers = {
  "packets.view": ({ watches }, { filter }) => ({ result: watches.openView(filter) }),
  "packets.close": ({ watches }, { view }) => {
    watches.closeView(view);
    return nothing;
  },
  "packets.rows": ({ watches }, { view, from, count }) => ({
    result: { rows: watches.view(view).rows(from, count) },
  }),
  "packets.find": ({ watches }, { view, number }) => ({ result: { index: watches.view(view).find(number) } }),
  "packets.check": ({ engine }, { filter, cursor }) => ({
    result: packets.checkFilter(engine.run.packets, filter, cursor),
  }),
  "packets.detail": ({ engine }, { number }) => ({ result: packets.detailOf(engine.run.packets, number) }),
  "packets.stream": ({ engine }, { conversation, from = 0, octetsMax }) => ({
    result: packets.streamOf(engine.run.packets, conversation, {
      from,
      ...(octetsMax === undefined ? {} : { octetsMax }),
    }),
  }),
  "packets.sequence": ({ engine }, { conversation }) => ({
    result: packets.sequenceOf(engine.run.packets, conversation),
  }),
  "packets.conversations": ({ engine }, params) => ({
    result: packets.conversationsOf(engine.run.packets, params),
  }),
  "packets.hierarchy": ({ engine }) => ({
    later: (answer) => {
      packets.hierarchyLater(engine.run.packets, answer);
      engine.workSoon();
    },
  }),
  "packets.summary": ({ engine }) => ({ result: packets.summaryOf(engine.run.packets) }),
  "packets.graph": ({ engine }, params) => {
    const result = packets.graphOf(engine.run.packets, params);
    if (!result.complete) engine.workSoon();
    return { result };
  },
  "packets.export": ({ engine, watches }, { view, next }) => {
    const piece = packets.exportPiece(
      engine.run.packets,
      view === undefined ? undefined : watches.view(view),
      next,
    );
    return { result: { octets: encodeBase64(piece.octets), next: piece.next } };
  },
} satisfies Partial<Lookers>;

const hostLookers = {
  "traffic.watch": (session, { on }) => {
    session.watches.watchTraffic(on);
    session.engine.noteTrafficWatch();
    return nothing;
  },
  "host.state": ({ engine }, { host }) => ({ result: hostState(engine.run, host) }),
  "host.config": ({ engine }, { host }) => ({ result: hostConfig(engine.run, host) }),
  "host.watch": ({ engine, watches }, { host, on }) => {
    if (on) hostOf(engine.run, host);
    watches.watchHost(host, on);
    return nothing;
  },
  "service.kinds": () => ({
    result: [...services.values()].map(({ name, title, summary }) => ({ name, title, summary })),
  }),
  "panel.kinds": ({ engine }, { host: name }) => {
    const host = hostOf(engine.run, name);
    const kinds = panels.filter((panel) => panel.appliesTo(host));
    return {
      result: kinds.map(({ panel, title, tab, services: steered }) => ({
        panel,
        title,
        tab,
        services: steered,
      })),
    };
  },
  "panel.view": ({ engine }, { host: name, panel }) => {
    const host = hostOf(engine.run, name);
    return { result: { host: name, panel, data: panelNamed(panel).view(host) } };
  },
  "panel.look": ({ engine }, { host: name, panel, question, value }) => {
    const host = hostOf(engine.run, name);
    const definition = panelNamed(panel);
    if (definition.look === undefined) throw new LocalError("no-question", `${panel} answers no questions`);
    return { result: definition.look(host, question, value) };
  },
  "panel.watch": ({ engine, watches }, { host, panel, on }) => {
    if (on) hostOf(engine.run, host);
    watches.watchPanel(host, panelNamed(panel).panel, on);
    return nothing;
  },
  "shell.complete": ({ engine }, { host, line, cursor }) => ({
    result: completeLine(hostOf(engine.run, host), line, cursor, [...engine.lab.hosts.keys()]),
  }),
  "file.list": ({ engine }, { host }) => ({ result: hostOf(engine.run, host).files.list() }),
  "file.read": ({ engine }, { host, name }) => {
    const octets = hostOf(engine.run, host).files.read(name);
    if (octets === undefined) throw new LocalError("no-file", `${host} has no file "${name}"`);
    return { result: { content: encodeBase64(octets) } };
  },
} satisfies Partial<Lookers>;

const lessonLookers = {
  "lesson.list": ({ engine }) => ({ result: engine.lessons.list() }),
  "lesson.open": ({ engine }, { id }) => ({ result: engine.openLesson(id) }),
  "lesson.close": ({ engine }) => {
    engine.lessons.close();
    return nothing;
  },
} satisfies Partial<Lookers>;

export const lookers: Lookers = {
  ...networkLookers,
  ...timeLookers,
  ...packetLookers,
  ...hostLookers,
  ...lessonLookers,
};
