/** The text of the network as it is now. Editing comes with topology/edit. */

import { LocalError } from "../../net/index.ts";
import {
  type LinkDirection,
  type LinkQuality,
  type NetworkFile,
  parseNetworkFile,
} from "../../topology/index.ts";

type Place = readonly [number, number];

export class NetworkDocument {
  readonly text: string;
  readonly file: NetworkFile;

  constructor(text: string, fileName: string) {
    this.text = text;
    const { file } = parseNetworkFile(text, fileName);
    if (file === undefined) throw new Error("an unchecked network file");
    this.file = file;
  }

  positions(): ReadonlyMap<string, Place> {
    const names = [...this.file.hosts, ...this.file.switches].map(({ name }) => name);
    const columns = Math.ceil(Math.sqrt(names.length));
    return new Map(names.map((name, i) => [name, [(i % columns) * 200, Math.floor(i / columns) * 160]]));
  }

  addNode(_kind: string, _options: { name?: string; at: Place }): string {
    throw notYet();
  }
  removeNode(_node: string): void {
    throw notYet();
  }
  connect(_a: string, _b: string, _quality?: object): string {
    throw notYet();
  }
  removeLink(_link: string): void {
    throw notYet();
  }
  setPosition(_node: string, _at: Place): void {
    throw notYet();
  }
  changeLink(_link: string, _direction: LinkDirection, _quality: LinkQuality): void {
    throw notYet();
  }
  configureHost(_host: string, _configuration: object): void {
    throw notYet();
  }
  installService(_host: string, _service: string): void {
    throw notYet();
  }
}

function notYet(): LocalError {
  return new LocalError("not-yet", "editing a running network is not there yet");
}
